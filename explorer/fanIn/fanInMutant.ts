import type { FanIn } from '../../src/aggregation/fanIn.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import type { Hands } from './hands.js';
import type { Scenario } from './scenario.js';

/** A protocol that is broken on purpose, in one place; the rest is the real code. */
export interface FanInMutant {
  readonly name: string;
  /** What it does wrong. */
  readonly wrong: string;
  /** The job in which the explorer has to find that out, with at most so many faults. */
  readonly scenario: Scenario;
  readonly faults: number;
  /** The store as a process sees it: each call that it makes is a yield point of its own. Made afresh for each process. */
  readonly store?: (store: FanInStore) => FanInStore;
  /** The table itself: whatever it does is one atomic step. Made afresh for each call. */
  readonly table?: (store: FanInStore) => FanInStore;
  readonly fanIn?: (fanIn: FanIn, store: FanInStore) => FanIn;
  readonly hands?: (hands: Hands, fanIn: FanIn) => Hands;
}
