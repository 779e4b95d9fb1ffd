/** What one run of a contestant came to, by metric. */
export type Sample<Metric extends string> = Readonly<Record<Metric, number>>;

/** Someone who is measured; each call is one run. */
export type Contestant<Metric extends string> = () => Promise<Sample<Metric>>;

export interface CompareOptions<Name extends string> {
  readonly rounds: number;
  readonly warmUps: number;
  /** In how many rounds someone takes part who is slow; in the first ones. @default all */
  readonly atMost?: Readonly<Partial<Record<Name, number>>>;
}

/** The runs of each contestant, by metric. */
export interface Comparison<Name extends string, Metric extends string> {
  /** The runs of some contestants, for `toMeasure`; fanfold's first. */
  runsOf(metric: Metric, ...names: readonly Name[]): [Name, number[]][];
}

/**
 * Runs the contestants in turns: warm-ups that do not count, then rounds, each of which begins with another one, so that
 * a machine that gets slower or busier is the same disadvantage to all.
 */
export async function compare<Name extends string, Metric extends string>(
  contestants: Readonly<Record<Name, Contestant<Metric>>>,
  { rounds, warmUps, atMost }: CompareOptions<Name>,
): Promise<Comparison<Name, Metric>> {
  const entries = Object.entries<Contestant<Metric>>(contestants) as [Name, Contestant<Metric>][];
  const samples = new Map<Name, Sample<Metric>[]>(entries.map(([name]) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (let place = 0; place < entries.length; place += 1) {
      const entry = entries[(place + Math.max(round, 0)) % entries.length];
      if (entry === undefined) continue;
      const [name, run] = entry;
      const most = atMost?.[name] ?? rounds;
      // Who is slow is warm after one run.
      if (round >= most || (round < -1 && most < rounds)) continue;
      const sample = await run();
      if (round >= 0) samples.get(name)?.push(sample);
    }
  }
  return {
    runsOf: (metric, ...names) =>
      names.map((name) => [name, (samples.get(name) ?? []).map((sample) => sample[metric])]),
  };
}

/** How long something takes, in ms. */
export async function msOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
