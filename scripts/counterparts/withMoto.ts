import { join } from 'node:path';
import { freePort } from './freePort.js';
import { COUNTERPARTS, install } from './install.js';
import { startMotoGate } from './motoGate.js';
import type { Processes } from './processes.js';
import { withServer } from './withServer.js';

const VERSION = 'moto[server,dynamodb,sqs,stepfunctions]==5.2.5';

/** Installs moto into a virtual environment. Needs Python 3 with venv. */
export function installMoto(processes: Processes): Promise<string> {
  return install('moto', VERSION, async (folder) => {
    const output = { file: join(COUNTERPARTS, 'moto-install.log') };
    await processes.run('python3', ['-m', 'venv', folder], { output });
    const pip = ['install', '--quiet', '--disable-pip-version-check', VERSION];
    await processes.run(join(folder, 'bin/pip'), pip, { output });
  });
}

/** Runs `work` against moto on free ports, behind our gate; the environment is the one that its suites read. */
export async function withMoto<T>(
  processes: Processes,
  folder: string,
  work: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const [motoPort, lambdaPort] = [await freePort(), await freePort()];
  const gate = await startMotoGate({ motoPort, lambdaPort });
  const moto = `http://127.0.0.1:${motoPort}/moto-api`;
  const server = {
    name: 'moto',
    command: join(folder, 'bin/moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(motoPort)],
    // Where its interpreter looks for the other services.
    environment: { MOTO_PORT: String(gate.port) },
    logFile: join(COUNTERPARTS, 'moto.log'),
    isReady: async () => (await fetch(`${moto}/`)).ok,
  };
  try {
    return await withServer(processes, server, async () => {
      // Without it, executions only pretend to run.
      const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
      const { ok, status } = await fetch(`${moto}/config`, { method: 'POST', body });
      if (!ok) throw new Error(`moto refused its configuration: ${status}`);
      const endpoint = `http://127.0.0.1:${gate.port}`;
      return work({
        FANFOLD_DYNAMODB_ENDPOINT: endpoint,
        FANFOLD_SQS_ENDPOINT: endpoint,
        FANFOLD_SFN_ENDPOINT: endpoint,
        FANFOLD_LAMBDA_PORT: String(lambdaPort),
      });
    });
  } finally {
    await gate.stop();
  }
}
