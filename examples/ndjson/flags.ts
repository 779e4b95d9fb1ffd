/** How a run was asked for. */
export interface Flags {
  /** A folder of `.ndjson` files of the user's; `undefined` for files that the run makes. */
  readonly input: string | undefined;
  /** How many files the run makes. */
  readonly files: number;
  /** The most files in a manifest. */
  readonly maxFiles: number;
  /** The most bytes in a manifest. */
  readonly maxBytes: number;
  /** How many builders run at once. */
  readonly builders: number;
  /** The TTL of the builders' lock. */
  readonly lockMs: number;
  /** Whether calls lose their replies, are throttled, or never arrive, and batches come twice. */
  readonly chaos: boolean;
  /** Makes files, disorder and chaos. */
  readonly seed: number;
  /** Whether there is a state machine: `--no-state-machine` is the switch that rolls it back. */
  readonly stateMachine: boolean;
  readonly json: boolean;
}
