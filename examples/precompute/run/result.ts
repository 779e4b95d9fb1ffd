/** How one way went. */
export interface WayResult {
  /** The execution's. */
  readonly status: string;
  readonly succeeded: number;
  readonly failed: number;
  /** From the execution's own output, as are the counts. */
  readonly failures: readonly { readonly ticker: string; readonly error: string }[];
  readonly verdict: string;
  readonly elapsedMs: number;
  /** From the last ticker's end to the execution's. */
  readonly settledToEndedMs: number;
  readonly historyEvents: number;
  /** Tokens that the orchestrator was given, and tasks that were completed with one. */
  readonly taskTokens: number;
  readonly completions: number;
}

/** A Map of more tickers than an execution's history holds. */
export interface RefusedMap {
  readonly status: string;
  readonly historyEvents: number;
  readonly cause: string;
}

/** What a run has shown; with `--json`, what it prints. */
export interface Result {
  readonly tickers: number;
  /** The fewest of any way. */
  readonly succeeded: number;
  /** The most of any way. */
  readonly failed: number;
  readonly failures: WayResult['failures'];
  readonly ways: { readonly map?: WayResult; readonly sqs?: WayResult };
  readonly refusedMap?: RefusedMap;
  /** Job records that a replay of finished tickers changed. */
  readonly resetFinishedJobs: number;
  /** Tickers that were replayed. */
  readonly replayed: number;
  /** Tickers whose record is missing, or lacks a field. */
  readonly incompleteJobs: number;
  /** Errors 1040 of 46 workers at once without a semaphore, and of this run with one of `limit`. */
  readonly connectionErrors: {
    readonly limit: number;
    readonly withoutSemaphore: number;
    readonly withSemaphore: number;
    /** The most connections that were open at once in this run. */
    readonly peakConnections: number;
    /** The most workers that ran at once in this run. */
    readonly peakWorkers: number;
  };
  /** Answers of the quotes API: a 429 is asked again, with backoff, a 401 is not. */
  readonly api: {
    readonly throttled: number;
    readonly refused: number;
    /** The most requests for one ticker in one way. */
    readonly mostRequestsThrottled: number;
    readonly mostRequestsRefused: number;
  };
  /** The promises that were broken, one sentence each. */
  readonly broken: readonly string[];
}
