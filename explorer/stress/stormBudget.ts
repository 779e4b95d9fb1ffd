import { createRandom } from '../../examples/createRandom.js';
import { createBudget } from '../../src/aggregation/budget.js';
import type { BudgetState } from '../../src/aggregation/budgetState.js';
import type { BudgetStore } from '../../src/aggregation/budgetStore.js';
import { faultyPort, insist, seededFaults } from '../../test/faultyPort.js';

export interface BudgetStorm {
  readonly seed: number;
  readonly workers: number;
  readonly keys: number;
  /** How a worker waits for a flush. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** What went wrong, and what there was in the end. */
export interface BudgetVerdict {
  readonly problems: readonly string[];
  readonly total: number;
  readonly limit: number;
  /** Keys that are counted in the end. */
  readonly counted: number;
  /** Keys that were told that they crossed the limit. */
  readonly crossed: readonly string[];
  /** The largest that the budget's item ever was, in bytes of JSON. */
  readonly largestBytes: number;
}

/** One reply in ten is lost. */
const LOST_IN = 10;

/** Hands the keys to the workers, who take turns wherever they wait. */
async function share(workers: number, keys: readonly string[], work: (key: string) => Promise<unknown>) {
  let next = 0;
  const worker = async () => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) await work(key);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

const bytesOf = (state: BudgetState): number =>
  Buffer.byteLength(JSON.stringify({ ...state, pending: Object.fromEntries(state.pending) }));

/** A store that loses replies, and what its budget was at most. */
function stormyStore(inner: BudgetStore, seed: number) {
  const seen = { highest: 0, largestBytes: 0 };
  const watched: BudgetStore = {
    ...inner,
    async count(name, operation, now) {
      const answer = await inner.count(name, operation, now);
      if (answer.current !== undefined) {
        seen.highest = Math.max(seen.highest, answer.current.total);
        seen.largestBytes = Math.max(seen.largestBytes, bytesOf(answer.current));
      }
      return answer;
    },
  };
  return { store: faultyPort(watched, seededFaults(seed, LOST_IN, ['lost'])), seen };
}

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `trade ${i}`);

/**
 * Reserves twice as much as there is, every key twice, and gives every third key back while others are still reserving:
 * with and without a flush in between.
 */
export async function stormReserve(
  inner: BudgetStore,
  { seed, workers, keys: count, sleep }: BudgetStorm,
  hasReleases: boolean,
): Promise<BudgetVerdict> {
  const { store, seen } = stormyStore(inner, seed);
  const random = createRandom(seed + 1);
  const amounts = new Map(keysOf(count).map((key) => [key, 1 + Math.floor(random() * 900)]));
  const all = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
  const limit = Math.floor(all / 2);
  const name = hasReleases ? 'equity with releases' : 'equity';
  const budget = createBudget({ store, sleep }, name, { limit });
  const problems = new Set<string>();
  const reserved = new Map<string, number>();
  const keys = [...amounts.keys()];
  await share(workers, [...keys, ...keys], async (key) => {
    const amount = amounts.get(key) ?? 0;
    const answer = await insist(() => budget.reserve(key, amount));
    if (answer.total > limit) problems.add('the limit was passed');
    if (!answer.reserved) return;
    reserved.set(key, amount);
    if (!hasReleases || Number(key.slice(6)) % 3 !== 0) return;
    const { released } = await insist(() => budget.release(key));
    if (!released) problems.add('a reserved key was not given back');
    amounts.set(key, 0);
    reserved.set(key, 0);
  });
  const sum = [...reserved.values()].reduce((total, amount) => total + amount, 0);
  const total = await insist(() => budget.total());
  if (total !== sum) problems.add(`the total is ${total}, and what is reserved adds up to ${sum}`);
  if (seen.highest > limit) problems.add('the limit was passed');
  if (!hasReleases && total <= limit - 900) problems.add('what would have fitted was refused');
  return {
    problems: [...problems],
    total,
    limit,
    counted: reserved.size,
    crossed: [],
    largestBytes: seen.largestBytes,
  };
}

/** Records every key twice, far over the limit. */
export async function stormRecord(
  inner: BudgetStore,
  { seed, workers, keys: count, sleep }: BudgetStorm,
): Promise<BudgetVerdict> {
  const { store, seen } = stormyStore(inner, seed);
  const limit = Math.floor(count / 2);
  const budget = createBudget({ store, sleep }, 'sells', { limit });
  const problems: string[] = [];
  const crossed = new Set<string>();
  await share(workers, [...keysOf(count), ...keysOf(count)], async (key) => {
    if ((await insist(() => budget.record(key, 1))).crossed) crossed.add(key);
  });
  const total = await insist(() => budget.total());
  if (total !== count) problems.push(`the total is ${total}, and ${count} keys were recorded`);
  if (crossed.size !== 1) problems.push(`${crossed.size} keys were told that they crossed the limit`);
  return { problems, total, limit, counted: count, crossed: [...crossed], largestBytes: seen.largestBytes };
}
