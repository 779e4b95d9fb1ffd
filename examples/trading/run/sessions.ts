import type { Session } from '../strategies/session.js';
import { WHOLE } from '../strategies/session.js';
import type { Fate } from './createStrategies.js';

/** What a session is to show. */
export interface Scenario {
  readonly name: string;
  /** The strategies that something happens to: the first so many. */
  readonly struck: number;
  readonly fate: Fate;
  readonly expected: 'SignalGenerated' | 'WorkflowFailed';
  /** What the reason of a `WorkflowFailed` begins with. */
  readonly reason?: string;
  /** How many strategies have signals in the end, less than all of them. */
  readonly missing?: number;
  /** The starter's function. @default 'startSession' */
  readonly starter?: 'startHasty' | 'startUnconfigured';
  /** The one path that it is for. @default both */
  readonly only?: 'step-functions';
  /** What is wrong with the request. */
  readonly change?: object;
}

/** How many strategies may fail. */
export const TOLERATED = 1;
/** More than a message, a Map's output, an item or an event holds. */
const LARGE_BYTES = 300_000;

const always = Number.POSITIVE_INFINITY;

/** The same for both paths. */
export const scenarios: readonly Scenario[] = [
  { name: 'all succeed', struck: 0, fate: {}, expected: 'SignalGenerated' },
  { name: 'one is killed once', struck: 1, fate: { dies: 1 }, expected: 'SignalGenerated' },
  {
    ...{ name: 'one is killed every time', struck: 1, fate: { dies: always } },
    ...{ expected: 'SignalGenerated', missing: 1 },
  },
  {
    ...{ name: 'two are killed every time', struck: 2, fate: { dies: always } },
    ...{ expected: 'WorkflowFailed', reason: 'too many failures: 2 of ' },
  },
  {
    ...{ name: 'two do not end', struck: 2, fate: { hangs: true }, starter: 'startHasty' },
    ...{ expected: 'WorkflowFailed', reason: 'timeout: 2 of ' },
  },
  { name: 'one has large signals', struck: 1, fate: { bytes: LARGE_BYTES }, expected: 'SignalGenerated' },
  {
    ...{ name: 'it has no strategies', struck: 0, fate: {}, change: { strategies: [] } },
    ...{ expected: 'WorkflowFailed', reason: 'configuration error: strategies' },
  },
  {
    ...{ name: 'it has no state machine', struck: 0, fate: {}, starter: 'startUnconfigured' },
    ...{ only: 'step-functions', expected: 'WorkflowFailed', reason: 'configuration error: USE_STEP' },
  },
];

/** A session of so many strategies, with equal parts of a million. */
export function makeSession(correlation_id: string, strategies: number): Session {
  return {
    correlation_id,
    causation_id: `${correlation_id}-cause`,
    as_of: '2026-11-25T21:00:00Z',
    capital_cents: 100_000_000,
    strategies: Array.from({ length: strategies }, (_, at) => ({
      dsl_file: `strategy-${at + 1}.clj`,
      allocation: Math.floor(WHOLE / strategies),
    })),
    tolerated_failures: Math.min(TOLERATED, strategies - 1),
  };
}
