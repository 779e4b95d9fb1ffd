import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalsOf } from '../../../../examples/trading/run/createStrategies.js';
import { makeSession } from '../../../../examples/trading/run/sessions.js';
import {
  concludeSession,
  type StrategyOutcome,
} from '../../../../examples/trading/strategies/concludeSession.js';
import { sessionSchema, tasksOf } from '../../../../examples/trading/strategies/session.js';

const session = makeSession('c-1', 4);
const good = tasksOf(session).map(
  (task): StrategyOutcome => ({
    ...{ dsl_file: task.dsl_file, status: 'succeeded', result: signalsOf(task) },
  }),
);
const bad = (at: number, status: 'failed' | 'timedOut', error = 'Runtime.ExitError'): StrategyOutcome => ({
  ...{ dsl_file: session.strategies[at]?.dsl_file ?? '', status, error },
});
const conclude = (outcomes: readonly StrategyOutcome[], tolerated_failures = 1) =>
  concludeSession({ session: { ...session, tolerated_failures }, execution_id: 'e-1', outcomes });

describe('a session is concluded', () => {
  it('as failed, with what failed and how much was tolerated', () => {
    expect(conclude([bad(0, 'failed'), bad(1, 'failed'), ...good.slice(2)])).toEqual({
      detailType: 'WorkflowFailed',
      detail: {
        correlation_id: 'c-1',
        workflow_type: 'strategy_session',
        failure_reason:
          'too many failures: 2 of 4 strategies failed, 1 tolerated (strategy-1.clj: Runtime.ExitError; strategy-2.clj: Runtime.ExitError)',
        execution_id: 'e-1',
      },
    });
  });

  it('as timed out where nothing else went wrong', () => {
    const timedOut = [bad(0, 'timedOut'), bad(1, 'timedOut')];
    const reason = (outcomes: StrategyOutcome[]) => conclude(outcomes).detail;
    expect(reason([...timedOut, ...good.slice(2)])).toMatchObject({
      failure_reason: expect.stringMatching(/^timeout: 2 of 4/),
    });
    expect(reason([bad(0, 'failed'), bad(1, 'timedOut'), ...good.slice(2)])).toMatchObject({
      failure_reason: expect.stringMatching(/^too many failures: 2 of 4/),
    });
  });

  it('as failed when nothing succeeded, whatever is tolerated', () => {
    expect(conclude([bad(0, 'failed')], 5).detailType).toBe('WorkflowFailed');
  });

  it('without counting as failed what was still running when too many had failed', () => {
    const unsettled = { dsl_file: 'strategy-4.clj', status: 'unsettled' } as const;
    expect(
      conclude([bad(0, 'failed'), bad(1, 'failed'), ...good.slice(2, 3), unsettled]).detail,
    ).toMatchObject({
      failure_reason: expect.stringMatching(/^too many failures: 2 of 4/),
    });
  });

  it('by the signals of those that succeeded, within the tolerance', () => {
    const { detailType, detail } = conclude([bad(0, 'failed'), ...good.slice(1)]);
    expect(detailType).toBe('SignalGenerated');
    expect(detail).toMatchObject({
      ...{ correlation_id: 'c-1', causation_id: 'c-1-cause' },
      data_freshness: { as_of: session.as_of, stale: false },
    });
    const { signals_data } = detail as { signals_data: object };
    expect(Object.keys(signals_data)).toEqual(['strategy-2.clj', 'strategy-3.clj', 'strategy-4.clj']);
  });

  it('without losing a cent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 7 }),
        (capital_cents, n) => {
          const some = { ...makeSession('c', n), capital_cents };
          const outcomes = tasksOf(some).map((task): StrategyOutcome => {
            const { dsl_file } = task;
            return { dsl_file, status: 'succeeded', result: signalsOf(task) };
          });
          const { detail } = concludeSession({ session: some, execution_id: 'e', outcomes });
          const { consolidated_portfolio: portfolio } = detail as {
            consolidated_portfolio: { target_cents: Record<string, number>; cash_cents: number };
          };
          const all = [...Object.values(portfolio.target_cents), portfolio.cash_cents];
          expect(all.every((cents) => Number.isSafeInteger(cents) && cents >= 0)).toBe(true);
          expect(all.reduce((a, b) => a + b, 0)).toBe(capital_cents);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a session is refused', () => {
  const first = { dsl_file: 'a.clj', allocation: 6_000 };
  it.each<[string, object]>([
    ['without strategies', { strategies: [] }],
    [
      'with more than everything allocated',
      { strategies: [first, { dsl_file: 'b.clj', allocation: 4_001 }] },
    ],
    ['with a strategy twice', { strategies: [first, { ...first, allocation: 1 }] }],
    ['with a fraction of a cent', { capital_cents: 0.5 }],
    ['with a part that is no whole number', { strategies: [{ ...first, allocation: 0.25 }] }],
    ['with a time that is none', { as_of: 'today' }],
  ])('%s', (_what, change) => {
    expect(sessionSchema.safeParse({ ...session, ...change }).success).toBe(false);
  });
});
