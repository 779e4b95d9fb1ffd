import { describe, expect, it } from 'vitest';
import { brokenPromises, type Evidence } from '../../../../examples/trading/run/brokenPromises.js';
import type {
  SessionReport,
  StrategiesResult,
  TradeRunReport,
} from '../../../../examples/trading/run/result.js';
import type { ShadowResult } from '../../../../examples/trading/run/showShadow.js';

const session: SessionReport = {
  ...{ scenario: 'one is killed once', path: 'invoke', startedBy: 'invoke' },
  ...{ signalGenerated: 1, workflowFailed: 0, effects: 1, aggregations: 1, evaluations: 5 },
  strategiesInSignals: 4,
};
const failed: SessionReport = {
  ...{ ...session, scenario: 'two are killed every time', signalGenerated: 0, workflowFailed: 1 },
  ...{ evaluations: 8, strategiesInSignals: 0, failureReason: 'too many failures: 2 of 4 strategies failed' },
};
const strategies: StrategiesResult = {
  ...{ strategies: 4, sessions: [session, failed] },
  chosen: { useStepFunctions: 'not set', path: 'invoke', executions: 0 },
  lostReply: { put: 2, delivered: 2, effects: 1 },
};
const filled: TradeRunReport = {
  ...{ run: 'filled', trades: 200, sells: 100, buys: 100, deliveries: 400, fewestDeliveries: 2 },
  ...{ placed: 160, repeated: 0, askedAgain: 9, rejectedBuys: 0, peakInFlight: 10, earlyBuys: 0 },
  ...{ boughtCents: 950, saidBoughtCents: 950, reservedCents: 950, equityLimitCents: 1_000 },
  ...{ largestBuyCents: 60, failedSellCents: 0, failedSellLimitCents: 50, buysBlocked: false },
  allTradesCompleted: { put: 1, delivered: 2, effects: 1 },
};
const released: TradeRunReport = { ...filled, run: 'released', rejectedBuys: 3 };
const blocked: TradeRunReport = {
  ...{ ...filled, run: 'blocked', failedSellCents: 51, buysBlocked: true, blockReason: 'too many' },
  ...{ boughtCents: 0, saidBoughtCents: 0, reservedCents: 0 },
};
const shadow: ShadowResult = {
  ...{ planted: false, equal: true, differences: [], compared: 60, eventsPut: 1 },
  ...{ current: 'succeeded', next: 'succeeded' },
};
const fetch = { requests: 100, fetches: 1, differentAnswers: 1, ofAnother: 1, inTheNextWindow: 1 };
const trades = { queue: 'standard', runs: [filled, released, blocked] } as const;
const kept: Evidence = { strategies, shadow, trades, fetch };

const withSession = (change: Partial<SessionReport>): Evidence => ({
  strategies: { ...strategies, sessions: [{ ...session, ...change }] },
});
const withFailed = (change: Partial<SessionReport>): Evidence => ({
  strategies: { ...strategies, sessions: [{ ...failed, ...change }] },
});
const withStrategies = (change: Partial<StrategiesResult>): Evidence => ({
  strategies: { ...strategies, ...change },
});
const withShadow = (change: Partial<ShadowResult>): Evidence => ({ shadow: { ...shadow, ...change } });
const withRun = (change: Partial<TradeRunReport>): Evidence => ({
  trades: { ...trades, runs: [{ ...filled, ...change }, released, blocked] },
});
const withBlocked = (change: Partial<TradeRunReport>): Evidence => ({
  trades: { ...trades, runs: [filled, released, { ...blocked, ...change }] },
});

describe('the promises of trading', () => {
  it('are all held by a run that went well', () => {
    expect(brokenPromises(kept)).toEqual([]);
    expect(brokenPromises({})).toEqual([]);
  });

  it.each<[string, Evidence]>([
    ['exactly one SignalGenerated: 2', withSession({ signalGenerated: 2 })],
    ['no WorkflowFailed: 1', withSession({ workflowFailed: 1 })],
    ['exactly one effect: 2', withSession({ effects: 2 })],
    ['the aggregator runs once: 4', withSession({ aggregations: 4 })],
    ['USE_STEP_FUNCTIONS chooses the path', withSession({ startedBy: 'step-functions' })],
    ['signals of 4 strategies: 3', withSession({ strategiesInSignals: 3 })],
    ['killed strategies are tried again: 4', withSession({ evaluations: 4 })],
    ['exactly one WorkflowFailed: 0', withFailed({ workflowFailed: 0 })],
    ['no SignalGenerated: 1', withFailed({ signalGenerated: 1 })],
    ['the reason says "too many failures', withFailed({ failureReason: 'timeout' })],
    [
      'the environment chooses invoke',
      withStrategies({ chosen: { useStepFunctions: 'false', path: 'step-functions', executions: 0 } }),
    ],
    [
      'starts its executions: 0',
      withStrategies({ chosen: { useStepFunctions: 'true', path: 'step-functions', executions: 0 } }),
    ],
    ['is put twice: 1', withStrategies({ lostReply: { put: 1, delivered: 2, effects: 1 } })],
    ['has one effect: 2', withStrategies({ lostReply: { put: 2, delivered: 2, effects: 2 } })],
    ['both paths succeed', withShadow({ next: 'failed' })],
    ['equal inputs show no differences', withShadow({ equal: false })],
    ['the planted difference is found: none', withShadow({ planted: true })],
    ['the shadow sends no event', withShadow({ eventsPut: 2 })],
    ['every message is delivered twice', withRun({ fewestDeliveries: 1 })],
    ['each trade is placed once', withRun({ repeated: 1 })],
    ['no BUY before the last SELL', withRun({ earlyBuys: 1 })],
    ['at most 10 in flight: 11', withRun({ peakInFlight: 11 })],
    [
      'bought 1001 of at most 1000',
      withRun({ boughtCents: 1_001, saidBoughtCents: 1_001, reservedCents: 1_001 }),
    ],
    ['the event says what was bought', withRun({ saidBoughtCents: 900 })],
    ['what was not bought is released', withRun({ reservedCents: 990 })],
    [
      'within one trade of the limit',
      withRun({ boughtCents: 940, saidBoughtCents: 940, reservedCents: 940 }),
    ],
    [
      'exactly one AllTradesCompleted: 2',
      withRun({ allTradesCompleted: { put: 2, delivered: 2, effects: 1 } }),
    ],
    ['too many failed SELLs block the BUYs', withBlocked({ failedSellCents: 50 })],
    ['says that the BUYs were blocked', { trades: { ...trades, runs: [filled, released, omitReason()] } }],
    ['blocked BUYs are not bought', withBlocked({ boughtCents: 1, saidBoughtCents: 1, reservedCents: 1 })],
    ['identical requests are one fetch: 2', { fetch: { ...fetch, fetches: 2 } }],
    ['they all get its answer', { fetch: { ...fetch, differentAnswers: 2 } }],
    ['another request is a fetch', { fetch: { ...fetch, ofAnother: 0 } }],
    ['the next window fetches anew', { fetch: { ...fetch, inTheNextWindow: 0 } }],
  ])('name "%s" when it is broken', (name, evidence) => {
    expect(brokenPromises(evidence)).toEqual([expect.stringContaining(name)]);
  });
});

function omitReason(): TradeRunReport {
  const { blockReason, ...others } = blocked;
  return others;
}
