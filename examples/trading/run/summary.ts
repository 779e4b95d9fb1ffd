import type { Simulation } from '../simulate/simulateRuns.js';
import type { FetchResult, Result, StrategiesResult, TradesResult } from './result.js';
import type { ShadowResult } from './showShadow.js';

/** Cents as people write them. */
const money = (cents: number) =>
  `${Math.trunc(cents / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

function ofStrategies({ strategies, sessions, chosen, lostReply }: StrategiesResult): string[] {
  return [
    `sessions of ${strategies} strategies`,
    ...sessions.map(
      ({ path, scenario, aggregations, ...session }) =>
        `  ${path.padEnd(15)}${scenario.padEnd(27)}${session.signalGenerated} SignalGenerated, ${session.workflowFailed} WorkflowFailed; aggregated ${aggregations} times, ${session.evaluations} evaluations${session.failureReason === undefined ? '' : `; ${session.failureReason}`}`,
    ),
    `  USE_STEP_FUNCTIONS ${chosen.useStepFunctions}: by ${chosen.path}, ${chosen.executions} executions`,
    `  a lost reply: ${lostReply.put} SignalGenerated put, ${lostReply.delivered} delivered, ${lostReply.effects} effect`,
  ];
}

function ofShadow({ planted, compared, differences }: ShadowResult): string[] {
  return [
    `shadow${planted ? ', with a planted difference' : ''}: ${compared} values compared, ${differences.length} differences`,
    ...differences.map(({ path, reason, a, b }) => `  ${path}: ${reason}: ${a} and ${b}`),
  ];
}

function ofTrades({ queue, runs }: TradesResult): string[] {
  return [
    `trades on a ${queue} queue, every message delivered twice`,
    ...runs.flatMap((run) => [
      `  ${run.run.padEnd(10)}${run.sells} SELLs, ${run.buys} BUYs, ${run.deliveries} deliveries; ${run.placed} placed, ${run.repeated} twice; at most ${run.peakInFlight} at once; ${run.earlyBuys} early BUYs`,
      `            bought ${money(run.boughtCents)} of at most ${money(run.equityLimitCents)}; ${run.rejectedBuys} released; ${run.allTradesCompleted.put} AllTradesCompleted`,
      ...(run.blockReason === undefined ? [] : [`            BUYs blocked: ${run.blockReason}`]),
    ]),
  ];
}

const ofFetch = ({ requests, fetches }: FetchResult): string[] => [
  `data: ${requests} identical requests, ${fetches} fetch`,
];

const ofSimulation = (simulation: Simulation): string[] => [
  'simulated runs of trades, every message delivered twice',
  ...Object.entries(simulation).map(([name, value]) => `  ${name.padEnd(18)}${value}`),
];

/** What a person wants to know of a run. */
export function summary({ strategies, shadow, trades, fetch, simulation, broken }: Result): string {
  const lines = [
    ...(strategies ? ofStrategies(strategies) : []),
    ...(shadow ? ofShadow(shadow) : []),
    ...(trades ? ofTrades(trades) : []),
    ...(fetch ? ofFetch(fetch) : []),
    ...(simulation ? ofSimulation(simulation) : []),
    broken.length === 0 ? 'every promise held' : 'a promise was BROKEN',
  ];
  return `${lines.join('\n')}\n`;
}
