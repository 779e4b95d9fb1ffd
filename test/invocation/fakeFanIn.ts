import type { ErrorInfo, FanIn, Outcome, SettledEntry } from '../../src/aggregation/index.js';
import { FanfoldError } from '../../src/errors.js';

/** What a worker and a dead-letter handler use of a fan-in. */
export interface FakeFanIn extends Pick<FanIn, 'settle' | 'recordFailure' | 'readFailure'> {
  /** The first outcome of each item that became durable, by `id/index`. */
  readonly settled: Map<string, Outcome<unknown>>;
  /** The reasons that were kept, by `id/index`. */
  readonly reasons: Map<string, ErrorInfo>;
  /** The indices of each settle call. */
  readonly calls: { id: string; indices: number[] }[];
}

export interface FakeFanInOptions {
  /** Indices from here on are bad input, as in a fan-in of that size. */
  readonly total?: number;
  /** Fan-ins that have expired. */
  readonly gone?: readonly string[];
  /** Called before a settle is applied; may throw or wait. */
  readonly before?: (id: string, indices: readonly number[]) => unknown;
  /** Called after it was applied; a throw is a lost reply. */
  readonly after?: (id: string, indices: readonly number[]) => unknown;
  readonly onRecordFailure?: () => unknown;
  readonly onReadFailure?: () => unknown;
}

/** A fan-in in a Map: the first outcome stays, and one bad entry refuses the whole call. */
export function fakeFanIn({
  total = 1_000_000,
  gone = [],
  before,
  after,
  onRecordFailure,
  onReadFailure,
}: FakeFanInOptions = {}): FakeFanIn {
  const settled = new Map<string, Outcome<unknown>>();
  const reasons = new Map<string, ErrorInfo>();
  const calls: FakeFanIn['calls'] = [];
  return {
    settled,
    reasons,
    calls,
    async settle(id, entries) {
      const indices = entries.map(({ index }) => index);
      calls.push({ id, indices });
      await before?.(id, indices);
      if (indices.some((index) => index >= total))
        throw new FanfoldError('InvalidArgument', 'index: outside');
      const answers = entries.map(({ index, outcome }): SettledEntry => {
        if (gone.includes(id)) return 'gone';
        const name = `${id}/${index}`;
        if (settled.has(name)) return 'duplicate';
        settled.set(name, outcome);
        return 'recorded';
      });
      await after?.(id, indices);
      return { entries: answers, state: gone.includes(id) ? 'gone' : 'open' };
    },
    async recordFailure(id, index, error) {
      await onRecordFailure?.();
      reasons.set(`${id}/${index}`, error);
    },
    async readFailure(id, index) {
      await onReadFailure?.();
      return reasons.get(`${id}/${index}`);
    },
  };
}
