/** The benchmarks, in the order in which they run and are shown; each is a file in `benchmarks/`. */
export const benchmarkNames = [
  'publishing',
  'mixedSizes',
  'publishMemory',
  'worker',
  'jobs',
  'fanIn',
  'completion',
  'fanOut',
  'sizes',
  'load',
  'coldStart',
  'scale',
] as const;

export type BenchmarkName = (typeof benchmarkNames)[number];

export const isBenchmarkName = (name: string): name is BenchmarkName =>
  benchmarkNames.some((known) => known === name);
