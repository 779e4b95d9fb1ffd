import { parseArgs } from 'node:util';
import { dynamoStage, memoryStage, type StressStage } from './stage.js';
import { type BudgetVerdict, stormRecord, stormReserve } from './stormBudget.js';
import { stormDeadHolder } from './stormDeadHolder.js';
import { stormJobs } from './stormJobs.js';
import { stormSemaphore } from './stormSemaphore.js';

const HELP = `Storms against one primitive: many workers, lost replies, leases that run out, deaths.

  npm run stress -- jobs        workers whose leases are shorter than their work, and whose clocks differ by a second
  npm run stress -- semaphore   46 callers of 30 slots, some killed or paused
  npm run stress -- budget      reserves, records and releases, with one reply in ten lost

  --on dynamodb   the embedded DynamoDB, or FANFOLD_DYNAMODB_ENDPOINT, in real time (memory, in virtual time)
  --count N       jobs, or keys of a budget (1000 jobs, 10000 keys; on dynamodb 200 of each)
  --workers N     (64; on dynamodb 16)
  --seed N        (1)
  --json          one JSON object a line
`;

const LEASE_MS = 1_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    on: { type: 'string', default: 'memory' },
    count: { type: 'string' },
    workers: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function refuse(what: string, expected: string, got: unknown): never {
  console.error(`${what}: expected ${expected}, got ${JSON.stringify(got)}`);
  return process.exit(2);
}

function wholeNumber(name: 'count' | 'workers' | 'seed', text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 ? value : refuse(`--${name}`, 'a whole number from 1', text);
}

const isHere = values.on === 'memory';
const seed = wholeNumber('seed', values.seed);
const workers = wholeNumber('workers', values.workers ?? (isHere ? '64' : '16'));
const countOf = (inMemory: number, onDynamo: number) =>
  wholeNumber('count', values.count ?? `${isHere ? inMemory : onDynamo}`);
const show = (value: number) => value.toLocaleString('en');

interface Row {
  readonly problems: readonly string[];
  readonly [figure: string]: unknown;
}

/** Prints a figure, and answers whether all is well. */
function report(row: Row, text: string): boolean {
  const { problems } = row;
  console.log(
    values.json
      ? JSON.stringify(row)
      : `${text}, ${problems.length} violations ${problems.join('; ')}`.trim(),
  );
  return problems.length === 0;
}

async function jobs(stage: StressStage): Promise<boolean> {
  const count = countOf(1_000, 200);
  const storm = { seed, workers, jobs: count, oneIn: 50, leaseMs: LEASE_MS, longestMs: 1_200_000 };
  const { refused, problems } = await stormJobs(stage.jobStore(), stage.time(), storm);
  const all = refused > 0 ? problems : [...problems, 'no late writer ever came'];
  const text = `${show(count)} jobs, ${workers} workers: one recorded result each, ${show(refused)} late writers refused`;
  return report({ storm: 'jobs', jobs: count, workers, refused, problems: all }, text);
}

async function semaphore(stage: StressStage): Promise<boolean> {
  const storm = { seed, callers: 46, limit: 30, leaseMs: 3 * LEASE_MS };
  const { peak, done, problems } = await stormSemaphore(stage.semaphoreStore(), stage.time(), storm);
  const all = [
    ...problems,
    ...(peak > storm.limit ? ['the limit was passed'] : []),
    ...(done < storm.callers ? ['some never got a slot'] : []),
  ];
  const text = `46 callers of 30 slots: peak ${peak} at a grant, ${done} done`;
  const isWell = report({ storm: 'semaphore', ...storm, peak, done, problems: all }, text);

  const freeAfterMs = await stormDeadHolder(stage.semaphoreStore(), stage.time(), LEASE_MS);
  const isEarly = freeAfterMs < LEASE_MS ? ['it was free while its lease ran'] : [];
  return (
    report(
      { storm: 'dead holder', leaseMs: LEASE_MS, freeAfterMs, problems: isEarly },
      `a killed holder with a lease of ${show(LEASE_MS)} ms: its slot is another's after ${show(freeAfterMs)} ms`,
    ) && isWell
  );
}

async function budget(stage: StressStage): Promise<boolean> {
  const storm = { seed, workers, keys: countOf(10_000, 200), sleep: stage.sleep };
  const tell = (what: string, verdict: BudgetVerdict, more = '') =>
    report(
      { storm: what, ...verdict },
      `${what}, ${show(storm.keys)} keys twice by ${workers} workers: total ${show(verdict.total)} of ${show(verdict.limit)}${more}, the item at most ${show(verdict.largestBytes)} bytes`,
    );
  const verdicts = [
    tell('reserve', await stormReserve(stage.budgetStore(), storm, false)),
    tell('reserve and release', await stormReserve(stage.budgetStore(), storm, true)),
  ];
  const recorded = await stormRecord(stage.budgetStore(), storm);
  verdicts.push(tell('record', recorded, `, ${recorded.crossed.length} key told that it crossed`));
  return verdicts.every(Boolean);
}

const storms = { jobs, semaphore, budget };
const isStorm = (name: string): name is keyof typeof storms => Object.hasOwn(storms, name);

if (values.help) console.log(HELP);
else {
  if (!['memory', 'dynamodb'].includes(values.on)) refuse('--on', 'memory or dynamodb', values.on);
  const [name = ''] = positionals;
  if (!isStorm(name) || positionals.length > 1)
    refuse('the primitive', Object.keys(storms).join(', '), positionals.join(' '));
  const stage = isHere ? memoryStage() : await dynamoStage();
  try {
    process.exitCode = (await storms[name](stage)) ? 0 : 1;
  } finally {
    await stage.stop();
  }
}
