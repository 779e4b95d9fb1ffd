import { expectFields, expectFunction, integer, invalidArgument } from '../arguments.js';
import type { ClaimCheck } from '../claimCheck.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import type { OnComplete, OnProgress } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import type { FanInStore } from './fanInStore.js';

const DEFAULT_LEASE_MS = 30_000;
const DEFAULT_PROGRESS_INTERVAL_MS = 30_000;
const DEFAULT_TTL_SECONDS = 1_209_600;
const DEFAULT_LEAF_SIZE = 256;

export interface FanInOptions {
  /** Where the fan-in lives: `dynamoFanInStore(…)` or `memoryFanInStore()`. */
  readonly store: FanInStore;
  /**
   * Called once all items are settled, by whichever process settled the last: exactly one decision, delivered at
   * least once under the same `deliveryId`. Give it to every process that settles; one without it decides, and
   * leaves the delivery to the next that has it.
   */
  readonly onComplete?: OnComplete;
  /**
   * Called after a settle that recorded something while the job is open, at most once in `progressIntervalMs` for each
   * fan-in and process: for heartbeats, such as `heartbeatWith(…)`. The settle waits for it, 5 s at most; what it
   * throws is ignored (and told on the diagnostics channel `fanfold:fanin`).
   */
  readonly onProgress?: OnProgress;
  /** How often `onProgress` is called at most, in ms. @default 30_000 */
  readonly progressIntervalMs?: number;
  /** How long one delivery may take before another process may try, in ms. @default 30_000 */
  readonly leaseMs?: number;
  /** How long a fan-in is kept after its deadline, or after its opening where there is none. @default 1_209_600 (14 days) */
  readonly ttlSeconds?: number;
  /** Whether outcomes are stored with their values and errors, for `results`: one more write per item. @default false */
  readonly storeResults?: boolean;
  /** Where results over 256 KiB go, such as `s3ClaimCheck(…)`. @default none: such a result is refused */
  readonly claimCheck?: ClaimCheck;
  /** How many items share a leaf: for tests. It is stored with the fan-in. @default 256 */
  readonly leafSize?: number;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Names leases, deliveries and keyless allocations: unique. @default crypto.randomUUID */
  readonly randomId?: () => string;
}

/** The options, checked and complete. */
export function checkFanInOptions(options: FanInOptions): FanInContext {
  const { onProgress, progressIntervalMs = DEFAULT_PROGRESS_INTERVAL_MS } = options;
  const { store, onComplete, leaseMs = DEFAULT_LEASE_MS, ttlSeconds = DEFAULT_TTL_SECONDS } = options;
  const {
    storeResults = false,
    claimCheck,
    leafSize = DEFAULT_LEAF_SIZE,
    now = Date.now,
    randomId = () => crypto.randomUUID(),
  } = options;
  if (typeof store?.readMeta !== 'function')
    throw invalidArgument('store', 'dynamoFanInStore(…) or memoryFanInStore()', store);
  expectFields(options, {
    onComplete: expectFunction,
    onProgress: expectFunction,
    progressIntervalMs: integer(0),
    leaseMs: integer(1, LONGEST_TIMER_MS),
    ttlSeconds: integer(1),
    leafSize: integer(2, DEFAULT_LEAF_SIZE),
  });
  if (typeof storeResults !== 'boolean') throw invalidArgument('storeResults', 'a boolean', storeResults);
  if (claimCheck !== undefined) {
    expectFunction('claimCheck.put', claimCheck.put);
    expectFunction('claimCheck.get', claimCheck.get);
  }
  const progress = onProgress && { onProgress, intervalMs: progressIntervalMs };
  return {
    store,
    onComplete,
    progress,
    leaseMs,
    ttlSeconds,
    knownRoots: new Map(),
    storeResults,
    claimCheck,
    leafSize,
    now,
    randomId,
  };
}
