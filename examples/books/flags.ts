/** How a run of the books job was asked for. */
export interface Flags {
  readonly csv: string;
  /** How many rows of the file are taken. */
  readonly limit: number;
  readonly latencyMs: number;
  /** Lambdas at once. */
  readonly concurrency: number;
  /** Records that one invocation of the worker gets. */
  readonly batchSize: number;
  /** Records that one invocation works on at the same time. */
  readonly workerConcurrency: number;
  /** Lambda's own scaling instead of all at once. */
  readonly ramp: boolean;
  readonly chaos: boolean;
  readonly seed: number;
  readonly id: string;
  /** Base URL of an API to ask instead of the local one. */
  readonly api: string | undefined;
  /** Whether the local API fails and throttles at times. */
  readonly faults: boolean;
  readonly out: string;
  readonly json: boolean;
}
