import { MOST_AT_ONCE } from '../trades/createLimits.js';
import type {
  FetchResult,
  Result,
  SessionReport,
  StrategiesResult,
  TradeRunReport,
  TradesResult,
} from './result.js';
import { scenarios } from './sessions.js';
import type { ShadowResult } from './showShadow.js';

export type Evidence = Omit<Result, 'broken'>;
type Promises = [held: boolean, broken: string][];

function ofSession(session: SessionReport, strategies: number): Promises {
  const { scenario: name, path, startedBy, aggregations, effects, evaluations } = session;
  const at = `${path}, ${name}`;
  const scenario = scenarios.find((one) => one.name === name);
  const reason = scenario?.reason ?? '';
  const isSignal = scenario?.expected === 'SignalGenerated';
  const isUnconfigured = reason.startsWith('configuration error');
  const inSignals = isSignal ? strategies - (scenario.missing ?? 0) : 0;
  const { dies = 0 } = scenario?.fate ?? {};
  const leastEvaluations = isUnconfigured ? 0 : strategies + (scenario?.struck ?? 0) * Math.min(dies, 2);
  return [
    [
      session.signalGenerated === (isSignal ? 1 : 0),
      `${at}: ${isSignal ? 'exactly one' : 'no'} SignalGenerated: ${session.signalGenerated}`,
    ],
    [
      session.workflowFailed === (isSignal ? 0 : 1),
      `${at}: ${isSignal ? 'no' : 'exactly one'} WorkflowFailed: ${session.workflowFailed}`,
    ],
    [effects === 1, `${at}: exactly one effect: ${effects}`],
    [
      aggregations === (isUnconfigured ? 0 : 1),
      `${at}: the aggregator runs ${isUnconfigured ? 'never' : 'once'}: ${aggregations}`,
    ],
    [
      startedBy === (isUnconfigured ? 'none' : path),
      `${at}: USE_STEP_FUNCTIONS chooses the path: ${startedBy}`,
    ],
    [
      session.strategiesInSignals === inSignals,
      `${at}: signals of ${inSignals} strategies: ${session.strategiesInSignals}`,
    ],
    [evaluations >= leastEvaluations, `${at}: killed strategies are tried again: ${evaluations} evaluations`],
    [
      isSignal || (session.failureReason ?? '').startsWith(reason),
      `${at}: the reason says "${reason}…": ${session.failureReason}`,
    ],
  ];
}

function ofStrategies({ strategies, sessions, chosen, lostReply }: StrategiesResult): Promises {
  const expected = chosen.useStepFunctions === 'true' ? 'step-functions' : 'invoke';
  return [
    ...sessions.flatMap((session) => ofSession(session, strategies)),
    [chosen.path === expected, `the environment chooses ${expected}: ${chosen.path}`],
    [
      chosen.executions === (expected === 'invoke' ? 0 : 1),
      `by ${expected} the chosen session starts its executions: ${chosen.executions}`,
    ],
    [lostReply.put === 2, `an event whose reply was lost is put twice: ${lostReply.put}`],
    [lostReply.effects === 1, `an event that was put twice has one effect: ${lostReply.effects}`],
  ];
}

function ofShadow({ planted, equal, differences, eventsPut, current, next }: ShadowResult): Promises {
  const paths = differences.map(({ path }) => path);
  return [
    [current === 'succeeded' && next === 'succeeded', `both paths succeed: ${current}, ${next}`],
    [planted || equal, `equal inputs show no differences: ${paths.join(', ')}`],
    [
      !planted || paths.some((path) => path.includes('target_cents')),
      `the planted difference is found: ${paths.join(', ') || 'none'}`,
    ],
    [eventsPut === 1, `the shadow sends no event: ${eventsPut} were put`],
  ];
}

function ofRun(run: TradeRunReport): Promises {
  const at = `trades, ${run.run}`;
  const { boughtCents, equityLimitCents, largestBuyCents, buysBlocked, failedSellCents } = run;
  const isOver = failedSellCents > run.failedSellLimitCents;
  const reaches = equityLimitCents - boughtCents < largestBuyCents;
  return [
    [run.fewestDeliveries >= 2, `${at}: every message is delivered twice: ${run.fewestDeliveries}`],
    [run.repeated === 0, `${at}: each trade is placed once: ${run.repeated} were asked for again`],
    [run.earlyBuys === 0, `${at}: no BUY before the last SELL: ${run.earlyBuys}`],
    [run.peakInFlight <= MOST_AT_ONCE, `${at}: at most ${MOST_AT_ONCE} in flight: ${run.peakInFlight}`],
    [boughtCents <= equityLimitCents, `${at}: bought ${boughtCents} of at most ${equityLimitCents} cents`],
    [boughtCents === run.saidBoughtCents, `${at}: the event says what was bought: ${run.saidBoughtCents}`],
    [
      run.reservedCents === boughtCents,
      `${at}: what was not bought is released: ${run.reservedCents} cents reserved`,
    ],
    [
      buysBlocked || run.rejectedBuys > 0 || reaches,
      `${at}: bought within one trade of the limit: ${boughtCents} of ${equityLimitCents} cents`,
    ],
    [buysBlocked === isOver, `${at}: too many failed SELLs block the BUYs: ${failedSellCents} cents failed`],
    [
      buysBlocked === (run.blockReason !== undefined),
      `${at}: the event says that the BUYs were blocked: ${run.blockReason}`,
    ],
    [!buysBlocked || boughtCents === 0, `${at}: blocked BUYs are not bought: ${boughtCents} cents`],
    [
      run.allTradesCompleted.put === 1 && run.allTradesCompleted.effects === 1,
      `${at}: exactly one AllTradesCompleted: ${run.allTradesCompleted.put} put, ${run.allTradesCompleted.effects} effects`,
    ],
  ];
}

function ofTrades({ runs }: TradesResult): Promises {
  const named = (name: string) => runs.find(({ run }) => run === name);
  return [
    ...runs.flatMap(ofRun),
    [named('blocked')?.buysBlocked === true, 'trades, blocked: failing SELLs block the BUYs'],
    [(named('released')?.rejectedBuys ?? 0) > 0, 'trades, released: the broker rejects some BUYs'],
  ];
}

function ofFetch({ requests, fetches, differentAnswers, ofAnother, inTheNextWindow }: FetchResult): Promises {
  return [
    [fetches === 1, `${requests} identical requests are one fetch: ${fetches}`],
    [differentAnswers === 1, `they all get its answer: ${differentAnswers} different ones`],
    [ofAnother === 1, `another request is a fetch of its own: ${ofAnother}`],
    [inTheNextWindow === 1, `the next window fetches anew: ${inTheNextWindow}`],
  ];
}

/** Holds what happened against what was promised; answers one sentence for each promise that was broken. */
export function brokenPromises({ strategies, shadow, trades, fetch }: Evidence): string[] {
  const promises: Promises = [
    ...(strategies ? ofStrategies(strategies) : []),
    ...(shadow ? ofShadow(shadow) : []),
    ...(trades ? ofTrades(trades) : []),
    ...(fetch ? ofFetch(fetch) : []),
  ];
  return promises.filter(([held]) => !held).map(([, broken]) => broken);
}
