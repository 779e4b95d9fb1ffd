/** When one invocation ran, in epoch ms. */
export interface InvocationSample {
  readonly functionName: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether it threw, timed out or died. */
  readonly failed: boolean;
}

/** What has run so far; of one function, or of all. */
export interface LambdaMetrics {
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Started, those in flight included. */
  readonly invocations: number;
  readonly failures: number;
  /** The invocations that have ended, in the order in which they ended; the first 100,000 of them. */
  readonly timeline: readonly InvocationSample[];
}

const MAX_SAMPLES = 100_000;

/** Counts the invocations of one function, or of all. */
export interface MetricsRecorder extends LambdaMetrics {
  started(): void;
  ended(sample: InvocationSample): void;
}

export function createMetricsRecorder(): MetricsRecorder {
  const timeline: InvocationSample[] = [];
  let [inFlight, peakInFlight, invocations, failures] = [0, 0, 0, 0];
  return {
    get inFlight() {
      return inFlight;
    },
    get peakInFlight() {
      return peakInFlight;
    },
    get invocations() {
      return invocations;
    },
    get failures() {
      return failures;
    },
    timeline,
    started() {
      invocations += 1;
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
    },
    ended(sample) {
      inFlight -= 1;
      if (sample.failed) failures += 1;
      if (timeline.length < MAX_SAMPLES) timeline.push(sample);
    },
  };
}
