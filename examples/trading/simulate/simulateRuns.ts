import { MOST_AT_ONCE } from '../trades/createLimits.js';
import { brokenInvariants, usesEquityUp } from './brokenInvariants.js';
import { simulateRun } from './simulateRun.js';

/** What many runs have shown. */
export interface Simulation {
  readonly runs: number;
  readonly firstSeed: number;
  /** Calls that were lost, before or after they were applied. */
  readonly lostCalls: number;
  readonly deadLettered: number;
  readonly ordersPlaced: number;
  /** Orders that the broker was asked for again although it had answered: a record was lost after the answer. */
  readonly ordersRepeated: number;
  readonly peakInFlight: number;
  readonly runsAtPeak: number;
  readonly runsOverLimit: number;
  readonly runsBlocked: number;
  readonly runsWithReleases: number;
  /** Runs in which nothing kept the equity from being used up. */
  readonly runsUsedUp: number;
  /** The most of the equity that was left in one of them, in parts of its largest BUY: below 1. */
  readonly mostLeft: number;
  /** Events that were put more than once; each had one effect. */
  readonly eventsPutAgain: number;
}

const tell = (text: string) => process.stderr.write(`${text}\n`);
const PROGRESS_EVERY = 100;

/** Simulates so many runs of trades, and holds each against the promises. */
export async function simulateRuns(
  runs: number,
  firstSeed: number,
): Promise<{ readonly simulation: Simulation; readonly broken: string[] }> {
  const broken: string[] = [];
  const sums = { lostCalls: 0, deadLettered: 0, ordersPlaced: 0, ordersRepeated: 0, eventsPutAgain: 0 };
  const counts = { runsAtPeak: 0, runsOverLimit: 0, runsBlocked: 0, runsWithReleases: 0, runsUsedUp: 0 };
  let [peakInFlight, mostLeft] = [0, 0];
  for (let done = 0; done < runs; done += 1) {
    const run = await simulateRun(firstSeed + done);
    broken.push(...brokenInvariants(run));
    sums.lostCalls += run.lostCalls;
    sums.deadLettered += run.deadLettered;
    sums.ordersPlaced += run.placed;
    sums.ordersRepeated += run.repeated;
    sums.eventsPutAgain += run.put - 1;
    peakInFlight = Math.max(peakInFlight, run.peakInFlight);
    counts.runsAtPeak += run.peakInFlight === MOST_AT_ONCE ? 1 : 0;
    counts.runsOverLimit += run.boughtCents > run.equityLimitCents ? 1 : 0;
    counts.runsBlocked += run.buysBlocked ? 1 : 0;
    counts.runsWithReleases += run.rejectedBuys > 0 ? 1 : 0;
    if (usesEquityUp(run)) {
      counts.runsUsedUp += 1;
      mostLeft = Math.max(mostLeft, (run.equityLimitCents - run.boughtCents) / run.largestBuyCents);
    }
    if ((done + 1) % PROGRESS_EVERY === 0)
      tell(`${done + 1} of ${runs} runs, ${broken.length} broken promises`);
  }
  const most = { peakInFlight, mostLeft: Math.round(mostLeft * 1_000) / 1_000 };
  return { simulation: { runs, firstSeed, ...sums, ...counts, ...most }, broken };
}
