import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { endOnExit } from './endOnExit.js';
import { COUNTERPARTS } from './install.js';
import { createProcesses } from './processes.js';
import { readReport } from './readReport.js';
import { runSuites } from './runSuites.js';
import { filesFor, suites } from './suites.js';
import { type Reports, tally, toTable } from './tally.js';
import { installElasticMq, withElasticMq } from './withElasticMq.js';
import { installMoto, withMoto } from './withMoto.js';

/**
 * Runs the same suites on our own implementations and on ones that others wrote: installs those under out/, starts them
 * on free ports of loopback, and prints how many tests passed where. Ends with 1 when a test fails, when a suite
 * has not the same tests everywhere, or when a counterpart cannot be run. Needs Python 3 with venv, Java 17 and Maven.
 * `--embedded REPORT` takes what the runner reported of these tests on our own servers instead of running them again.
 */
const { values } = parseArgs({ options: { embedded: { type: 'string' } } });
const processes = createProcesses();
endOnExit(processes);

const problems: string[] = [];
/** What cannot be run is a problem of its own, and the others still run. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { message, cause } = error as Error;
    problems.push(`${what}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
    return undefined;
  }
}

await mkdir(COUNTERPARTS, { recursive: true });
const [moto, elasticMq] = await Promise.all([
  attempt('moto', () => installMoto(processes)),
  attempt('ElasticMQ', () => installElasticMq(processes)),
]);
const run = (implementation: keyof Reports) => (environment: Record<string, string>) => {
  console.log(`\n── ${implementation}`);
  return runSuites(processes, implementation, filesFor(implementation), environment);
};
const { embedded } = values;
const embeddedReport = await attempt('embedded', () =>
  embedded === undefined ? run('embedded')({}) : readReport(embedded, filesFor('embedded')),
);
const motoReport =
  moto === undefined ? moto : await attempt('moto', () => withMoto(processes, moto, run('moto')));
const elasticMqReport =
  elasticMq === undefined
    ? elasticMq
    : await attempt('ElasticMQ', () => withElasticMq(processes, elasticMq, run('ElasticMQ')));

const result = tally(suites, { embedded: embeddedReport, moto: motoReport, ElasticMQ: elasticMqReport });
problems.push(...result.problems);
console.table(toTable(result));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
