import type { Simulation } from '../simulate/simulateRuns.js';
import type { AccountLog } from './createBroker.js';
import type { EventCounts } from './createEventLog.js';
import type { ShadowResult } from './showShadow.js';

/** What came of one session. */
export interface SessionReport {
  readonly scenario: string;
  readonly path: 'invoke' | 'step-functions';
  /** The path that the starter took by its environment; `none` for a session that could not start. */
  readonly startedBy: string;
  /** Events that were put. */
  readonly signalGenerated: number;
  readonly workflowFailed: number;
  /** Effects of either. */
  readonly effects: number;
  /** How often it was aggregated. */
  readonly aggregations: number;
  /** How often its strategies were evaluated, all in all. */
  readonly evaluations: number;
  readonly strategiesInSignals: number;
  readonly failureReason?: string;
}

export interface StrategiesResult {
  readonly strategies: number;
  readonly sessions: readonly SessionReport[];
  /** The session that the flag, or the environment, chose the path of. */
  readonly chosen: { readonly useStepFunctions: string; readonly path: string; readonly executions: number };
  /** A session whose `PutEvents` was applied and its reply lost. */
  readonly lostReply: EventCounts;
}

/** What came of one run of trades; what the broker saw of its account included. */
export interface TradeRunReport extends AccountLog {
  readonly run: string;
  readonly trades: number;
  readonly sells: number;
  readonly buys: number;
  /** Messages handed to the worker, repeats included. */
  readonly deliveries: number;
  /** The fewest times that the message of a trade was delivered. */
  readonly fewestDeliveries: number;
  /** What the event says was bought. */
  readonly saidBoughtCents: number;
  /** What is reserved of the equity in the end. */
  readonly reservedCents: number;
  readonly equityLimitCents: number;
  readonly largestBuyCents: number;
  readonly failedSellCents: number;
  readonly failedSellLimitCents: number;
  readonly buysBlocked: boolean;
  readonly blockReason?: string;
  readonly allTradesCompleted: EventCounts;
}

export interface TradesResult {
  readonly queue: 'standard' | 'fifo';
  readonly runs: readonly TradeRunReport[];
}

export interface FetchResult {
  readonly requests: number;
  readonly fetches: number;
  readonly differentAnswers: number;
  /** Fetches for another request, and for the same one in the next window. */
  readonly ofAnother: number;
  readonly inTheNextWindow: number;
}

/** What a run has shown; with `--json`, what it prints. */
export interface Result {
  readonly strategies?: StrategiesResult;
  readonly shadow?: ShadowResult;
  readonly trades?: TradesResult;
  readonly fetch?: FetchResult;
  readonly simulation?: Simulation;
  /** The promises that were broken, one sentence each. */
  readonly broken: readonly string[];
}
