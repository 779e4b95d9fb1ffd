/** The parts of a run. */
export type Part = 'strategies' | 'trades' | 'fetch';

/** How a run was asked for. */
export interface Flags {
  readonly part: Part | 'all';
  /** How many strategies a session has. */
  readonly strategies: number;
  /** The path of the chosen session, instead of the environment. */
  readonly stepFunctions: boolean;
  /** Runs a session by both paths and compares, and nothing else. */
  readonly shadow: boolean;
  /** Makes the new path of the shadow run wrong. */
  readonly plant: boolean;
  readonly trades: number;
  readonly fifo: boolean;
  readonly requests: number;
  /** Simulates so many runs of trades, and does nothing else. */
  readonly simulate?: number;
  readonly seed: number;
  readonly json: boolean;
}
