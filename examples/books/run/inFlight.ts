import type { TimelinePoint } from '../dashboard/timeline.js';

/** Above this many points every second one goes, and the next are taken half as often. */
const MAX_POINTS = 500;
const FIRST_STEP_MS = 20;

/** Watches how many items are in flight. */
export interface InFlight {
  readonly now: number;
  readonly peak: number;
  readonly points: readonly TimelinePoint[];
  /** Runs `work` as one item in flight. */
  track<T>(work: () => Promise<T>): Promise<T>;
  /** The job's time 0: the first message is about to be published. A second call changes nothing. */
  begin(): void;
  stop(): void;
}

/** Counts exactly, and draws a picture that stays small however long the job takes. */
export function watchInFlight(settled: () => number): InFlight {
  let [inFlight, peak, stepMs] = [0, 0, FIRST_STEP_MS];
  let points: TimelinePoint[] = [];
  let startedAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function sample(): void {
    points.push({ atMs: Date.now() - (startedAt ?? Date.now()), inFlight, settled: settled() });
    if (points.length > MAX_POINTS) {
      points = points.filter((_, index) => index % 2 === 0);
      stepMs *= 2;
    }
    timer = setTimeout(sample, stepMs);
  }

  return {
    get now() {
      return inFlight;
    },
    get peak() {
      return peak;
    },
    get points() {
      return points;
    },
    async track(work) {
      inFlight += 1;
      peak = Math.max(peak, inFlight);
      try {
        return await work();
      } finally {
        inFlight -= 1;
      }
    },
    begin() {
      if (startedAt !== undefined) return;
      startedAt = Date.now();
      sample();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
