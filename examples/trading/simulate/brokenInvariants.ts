import { MOST_AT_ONCE } from '../trades/createLimits.js';
import type { SimulatedRun } from './simulateRun.js';

/** Whether nothing came in the way of using the equity up. */
export const usesEquityUp = (run: SimulatedRun): boolean =>
  !run.buysBlocked &&
  run.rejectedBuys === 0 &&
  run.deadLettered === 0 &&
  run.wantedCents > run.equityLimitCents;

/** Holds a run against what is promised of every run; answers one sentence for each promise that was broken. Pure. */
export function brokenInvariants(run: SimulatedRun): string[] {
  const {
    boughtCents: bought,
    reservedCents: reserved,
    equityLimitCents: limit,
    saidBoughtCents: said,
  } = run;
  const promises: [held: boolean, broken: string][] = [
    [bought <= limit, `bought ${bought} of at most ${limit} cents`],
    [reserved <= limit && bought <= reserved, `bought ${bought}, reserved ${reserved}, limit ${limit} cents`],
    [said <= bought, `the event says ${said}, and ${bought} cents were bought`],
    [run.deadLettered > 0 || said === bought, `the event says ${said} of ${bought} cents`],
    [
      !usesEquityUp(run) || limit - bought < run.largestBuyCents,
      `bought ${bought} of ${limit} cents, and a trade of ${run.largestBuyCents} would have fitted`,
    ],
    [run.peakInFlight <= MOST_AT_ONCE, `${run.peakInFlight} in flight`],
    [run.earlyBuys === 0, `${run.earlyBuys} BUYs before the last SELL was settled`],
    [run.buysBlocked === run.failedSellsAreOver, 'BUYs are blocked if, and only if, too many SELLs failed'],
    [run.buysBlocked === run.saidWhy, 'the event says why BUYs were blocked'],
    [!run.buysBlocked || bought === 0, `blocked BUYs, and ${bought} cents were bought`],
    [run.effects === 1 && run.put >= 1, `AllTradesCompleted: ${run.put} put, ${run.effects} effects`],
  ];
  return promises.filter(([held]) => !held).map(([, broken]) => `seed ${run.seed}: ${broken}`);
}
