/** How the kill tests were asked for. */
export interface Flags {
  readonly runs: number;
  /** Of the first run; each further run takes the next one. */
  readonly seed: number;
  /** How many items a run's job has. */
  readonly items: number;
  readonly json: boolean;
}
