/** What one contestant came to. */
export interface Figure {
  readonly contestant: string;
  /** The middle of its runs. */
  readonly median: number;
  /** The lowest and the highest of its runs. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  /** Its figure over fanfold's, run by run, and the middle of that: a busy machine slows both. `null` over nothing. */
  readonly ratio: number | null;
}

/** What a figure or a ratio is expected to be. */
export interface Target {
  readonly text: string;
  readonly value: number;
  readonly isMet: boolean;
}

/** One thing that was measured, and everyone who was measured by it; fanfold comes first. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  /** Which is the better one. */
  readonly better: 'lower' | 'higher';
  readonly figures: readonly Figure[];
  readonly targets: readonly Target[];
  /** Why fanfold loses, where it does. */
  readonly why?: string | undefined;
  /** Whether the README shows it, too. */
  readonly isHeadline: boolean;
}

/** What a benchmark wrote down. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly machine: { readonly node: string; readonly platform: string; readonly cpus: number };
  readonly measures: readonly Measure[];
}

/** A benchmark: one file, one subject. */
export interface Benchmark {
  readonly title: string;
  /** Measures; where `isSmoke`, as little as shows that it still works. */
  run(isSmoke: boolean): Promise<readonly Measure[]>;
}

/** The middle of some numbers; of an even number of them the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Four digits are more than any of this is worth. */
export const round = (value: number): number => Number(value.toPrecision(4));

const target = (sign: string, limit: number, of: string, value: number, isMet: boolean): Target => ({
  text: `${sign} ${limit}${of === '' ? '' : ` ${of}`}`,
  value: round(value),
  isMet,
});

/** `atMost(1.1, '× the bare loop', ratio)` */
export const atMost = (limit: number, of: string, value: number): Target =>
  target('≤', limit, of, value, value <= limit);

/** `atLeast(12, '× faster than sqs-producer', ratio)` */
export const atLeast = (limit: number, of: string, value: number): Target =>
  target('≥', limit, of, value, value >= limit);

export interface MeasureOptions {
  readonly what: string;
  readonly unit: string;
  readonly better?: 'lower' | 'higher';
  readonly why?: string;
  readonly isHeadline?: boolean;
  /** Looks up a contestant's ratio to fanfold. */
  readonly targets?: (
    ratioOf: (contestant: string) => number,
    fanfold: Omit<Figure, 'ratio'>,
  ) => readonly Target[];
}

/** Makes a measure of the runs of each contestant, fanfold's first, who took part in every round. */
export function toMeasure(
  runs: readonly (readonly [contestant: string, values: readonly number[]])[],
  { what, unit, better = 'lower', why, isHeadline = true, targets }: MeasureOptions,
): Measure {
  const own = runs[0]?.[1] ?? [];
  const exact = runs.map(([contestant, values]) => {
    const ratio = median(values.map((value, run) => value / (own[run] ?? Number.NaN)));
    const sorted = [...values].sort((a, b) => a - b);
    return {
      contestant,
      median: median(values),
      low: sorted[0] ?? Number.NaN,
      high: sorted.at(-1) ?? Number.NaN,
      runs: values.length,
      ratio,
    };
  });
  const [fanfold] = exact;
  if (fanfold === undefined || fanfold.runs === 0) throw new Error(`${what}: nobody was measured`);
  const ratioOf = (contestant: string): number => {
    const found = exact.find((figure) => figure.contestant === contestant);
    if (found === undefined) throw new Error(`${what}: there is no ${contestant}`);
    return found.ratio;
  };
  const figures = exact.map((figure) => ({
    ...figure,
    median: round(figure.median),
    low: round(figure.low),
    high: round(figure.high),
    // JSON knows no infinity.
    ratio: Number.isFinite(figure.ratio) ? round(figure.ratio) : null,
  }));
  return { what, unit, better, figures, targets: targets?.(ratioOf, fanfold) ?? [], why, isHeadline };
}

/** How much better somebody must be before a difference is more than noise. */
const NOISE = 1.05;

/** Whether fanfold misses a target, or somebody is better by more than noise. */
export function isLost({ better, figures, targets }: Measure): boolean {
  const isWorse = ({ ratio }: Figure) =>
    ratio !== null && (better === 'lower' ? ratio * NOISE < 1 : ratio > NOISE);
  return targets.some(({ isMet }) => !isMet) || figures.some(isWorse);
}
