import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/**
 * Runs the contract suites against implementations that others wrote: installs them under out/, starts them on
 * loopback, stops them by their own process id, and prints how many tests passed where. Needs Python 3 with venv.
 */
const run = promisify(execFile);
const MOTO = 'moto[server,dynamodb]==5.2.5';
const venv = 'out/counterparts/moto';
const suites = ['test/aggregation/fanInStore.test.ts', 'test/aggregation/fanInOnTheWire.test.ts'];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (
    const end = Date.now() + 30_000;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    if (await check().catch(() => false)) return;
  }
  throw new Error(`${what} was not ready within 30 s`);
}

/** Runs `work` against moto on a free port, and stops moto whatever becomes of it. */
async function withMoto<T>(work: (endpoint: string) => Promise<T>): Promise<T> {
  if (!existsSync(`${venv}/bin/moto_server`)) {
    await run('python3', ['-m', 'venv', venv]);
    await run(`${venv}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', MOTO]);
  }
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(`${venv}/bin/moto_server`, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  try {
    await until('moto', async () => (await fetch(`${endpoint}/moto-api/`)).ok);
    return await work(endpoint);
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

interface Report {
  readonly testResults: {
    readonly assertionResults: { readonly fullName: string; readonly status: string }[];
  }[];
}

async function runSuites(name: string, environment: Record<string, string>): Promise<Report> {
  const file = `out/reports/${name}.json`;
  const flags = ['run', ...suites, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = spawn('npx', ['--no-install', 'vitest', ...flags], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [code] = await once(vitest, 'exit');
  if (code !== 0) process.exitCode = 1;
  return JSON.parse(await readFile(file, 'utf8')) as Report;
}

/** How many tests of the contract passed, and how many there were, by the store that they ran on. */
function tally({ testResults }: Report, prefix: string): string {
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.startsWith(prefix));
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return `${passed} of ${tests.length}`;
}

const embedded = await runSuites('embedded', {});
const moto = await withMoto((endpoint) => runSuites('moto', { FANFOLD_DYNAMODB_ENDPOINT: endpoint }));
const rows = {
  'fan-in store': ['memoryFanInStore', 'dynamoFanInStore'],
  'fan-in protocol on the wire': [undefined, 'a fan-in on DynamoDB'],
} as const;
const table = Object.fromEntries(
  Object.entries(rows).map(([suite, [memory, dynamo]]) => [
    suite,
    {
      memory: memory === undefined ? '–' : tally(embedded, memory),
      'embedded DynamoDB': tally(embedded, dynamo),
      moto: tally(moto, dynamo),
    },
  ]),
);
console.table(table);
