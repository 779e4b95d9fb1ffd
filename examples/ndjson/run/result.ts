/** What a run has shown; with `--json`, what it prints. */
export interface Result {
  readonly files: number;
  readonly bytes: number;
  /** Notifications that were sent: each file's twice, out of order. */
  readonly notifications: number;
  readonly manifests: number;
  /** The most files, and the most bytes where it has more than one file, of any manifest. */
  readonly mostFiles: number;
  readonly mostBytes: number;
  readonly filesInOneManifest: number;
  readonly filesInTwo: number;
  readonly filesInNone: number;
  /** Files whose record names another manifest than the one that lists them. */
  readonly recordsThatDiffer: number;
  readonly builders: {
    readonly atOnce: number;
    readonly invocations: number;
    /** That died: over the marking of files, or before a start. */
    readonly died: number;
    /** Manifests that another builder completed. */
    readonly completed: number;
  };
  /** The builder that was paused until its lock had expired: its list was refused. */
  readonly pausedBuilder: {
    readonly slot: string;
    readonly fencingToken: number;
    /** The token of the list that stands in the slot. */
    readonly publishedToken: number;
    readonly refused: boolean;
  };
  /** Lines of warning: manifests that were built and not started. */
  readonly warnings: readonly string[];
  readonly executions: {
    readonly total: number;
    /** The most executions of one manifest that was neither reset nor redriven. */
    readonly mostOfOne: number;
    /** Manifests that were built and never started until the finisher found them. */
    readonly foundNotStarted: number;
  };
  /** Files in no manifest for too long, by a clock that is hours ahead: before the last manifest was flushed, and in the end. */
  readonly orphans: { readonly beforeFlush: number; readonly atEnd: number };
  readonly stuck: { readonly found: number; readonly reset: number };
  readonly corrupt: {
    /** Manifests in state `failed`, before the file was mended. */
    readonly failed: number;
    readonly reason: string;
    /** Runs of its conversion: the first and its retries. */
    readonly runs: number;
    readonly alerts: number;
    readonly redrive: string;
  };
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly parquetFiles: number;
  /** As the operations function counts them in the end. */
  readonly states: {
    readonly files: Readonly<Record<string, number>>;
    readonly manifests: Readonly<Record<string, number>>;
  };
  /** What chaos did: replies that were lost, calls that did not arrive or were throttled, batches that came twice. */
  readonly faults: {
    readonly lost: number;
    readonly notArrived: number;
    readonly throttled: number;
    readonly twice: number;
  };
  readonly elapsedMs: number;
  /** The promises that were broken, one sentence each. */
  readonly broken: readonly string[];
}
