import type { TradingEvent } from '../events/tradingEvent.js';
import type { Session, StrategyResult } from './session.js';

export const WORKFLOW_TYPE = 'strategy_session';

/** How one strategy ended. */
export type StrategyOutcome =
  | { readonly dsl_file: string; readonly status: 'succeeded'; readonly result: StrategyResult }
  | { readonly dsl_file: string; readonly status: 'failed' | 'timedOut'; readonly error: string }
  /** Still running when too many others had failed. */
  | { readonly dsl_file: string; readonly status: 'unsettled' };

/** What the aggregator works with, whichever path brought it. */
export interface SessionEnd {
  readonly session: Pick<Session, 'correlation_id' | 'causation_id' | 'capital_cents' | 'tolerated_failures'>;
  readonly execution_id: string;
  /** Of every strategy, in the session's order. */
  readonly outcomes: readonly StrategyOutcome[];
}

/** The event of a session that has no signals. */
export function workflowFailed(
  correlation_id: string,
  execution_id: string,
  failure_reason: string,
): TradingEvent {
  const detail = { correlation_id, workflow_type: WORKFLOW_TYPE, failure_reason, execution_id };
  return { detailType: 'WorkflowFailed', detail };
}

function whyItFailed({ session, outcomes }: SessionEnd): string | undefined {
  const bad = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
  const tolerated = session.tolerated_failures;
  if (bad.length <= tolerated && bad.length < outcomes.length) return undefined;
  const isTimeout = bad.every(({ status }) => status === 'timedOut');
  const which = bad.map(({ dsl_file, error }) => `${dsl_file}: ${error}`).join('; ');
  const count = `${bad.length} of ${outcomes.length} strategies`;
  return isTimeout
    ? `timeout: ${count} did not end in time, ${tolerated} tolerated (${which})`
    : `too many failures: ${count} failed, ${tolerated} tolerated (${which})`;
}

/** Adds the strategies' targets up; what nobody asked for stays in cash, and not a cent is lost. */
function consolidate(capital_cents: number, results: readonly StrategyResult[]) {
  const target_cents = new Map<string, number>();
  for (const { consolidated_portfolio } of results) {
    for (const [symbol, cents] of Object.entries(consolidated_portfolio.target_cents))
      target_cents.set(symbol, (target_cents.get(symbol) ?? 0) + cents);
  }
  const sorted = [...target_cents].sort(([a], [b]) => (a < b ? -1 : 1));
  const invested = sorted.reduce((sum, [, cents]) => sum + cents, 0);
  return { target_cents: Object.fromEntries(sorted), cash_cents: capital_cents - invested };
}

/** Decides what a session came to: its signals, if enough strategies succeeded, or why it failed. Pure. */
export function concludeSession(end: SessionEnd): TradingEvent {
  const { session, execution_id, outcomes } = end;
  const { correlation_id, causation_id, capital_cents } = session;
  const reason = whyItFailed(end);
  if (reason !== undefined) return workflowFailed(correlation_id, execution_id, reason);
  const results = outcomes.flatMap((outcome) => (outcome.status === 'succeeded' ? [outcome.result] : []));
  const freshness = results.map(({ data_freshness }) => data_freshness);
  const [first] = freshness;
  const detail = {
    ...{ correlation_id, causation_id },
    signals_data: Object.fromEntries(results.map(({ dsl_file, signals_data }) => [dsl_file, signals_data])),
    consolidated_portfolio: consolidate(capital_cents, results),
    data_freshness: {
      as_of: first?.as_of,
      oldest: freshness.map(({ oldest }) => oldest).sort()[0],
      stale: freshness.some(({ stale }) => stale),
    },
  };
  return { detailType: 'SignalGenerated', detail };
}
