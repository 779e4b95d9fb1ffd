import { random } from '../src/local/random.js';

/**
 * `fixed`: the total is known when the fan-in is opened · `stream`: it is allocated and sealed · `abandoned`: a stream
 * whose publisher dies for good, so that only the deadline and the sweeper can end the job.
 */
export type JobMode = 'fixed' | 'stream' | 'abandoned';

/** What a run will do, as far as a seed can say: when a process is hit also depends on the machine. */
export interface RunPlan {
  readonly seed: number;
  readonly items: number;
  readonly mode: JobMode;
  /** How many processes are killed at random moments. */
  readonly strikes: number;
  /** How many messages are published when the publisher is killed, ascending. */
  readonly publisherDeaths: readonly number[];
  /** How many of the first deliveries are cut off by killing the deliverer. */
  readonly deliveryDeaths: number;
}

/** The plan of a run. */
export function planRun(seed: number, items: number): RunPlan {
  const roll = (stream: string, n = 0) => random(seed, stream, n);
  const upTo = (most: number, stream: string) => Math.floor(roll(stream) * (most + 1));
  const kind = roll('mode');
  return {
    seed,
    items,
    mode: kind < 0.2 ? 'fixed' : kind < 0.8 ? 'stream' : 'abandoned',
    strikes: 8 + upTo(8, 'strikes'),
    publisherDeaths: Array.from({ length: 1 + upTo(1, 'deaths') }, (_, n) =>
      Math.floor(roll('death', n) * items * 0.9),
    ).sort((a, b) => a - b),
    deliveryDeaths: upTo(2, 'deliveryDeaths'),
  };
}
