import { setTimeout as pause } from 'node:timers/promises';
import {
  type Comparison,
  createMigration,
  createWorker,
  type Jobs,
  type LambdaHandler,
  type Outcome,
  type ShadowReport,
} from 'fanfold';
import { conclusionOf } from '../events/createConclude.js';
import type { TradingEvent } from '../events/tradingEvent.js';
import { type Session, sessionSchema } from './session.js';
import { type StartSession, workflowIdOf } from './startSession.js';

export interface ShadowRunnerParts {
  readonly byInvoke: StartSession;
  readonly byStepFunctions: StartSession;
  readonly jobs: Pick<Jobs<unknown, TradingEvent | null>, 'get'>;
  /** How often a session's record is looked at. */
  readonly pollMs: number;
}

/** Where the paths may differ: a unit of currency in a target, rounding in a score; the execution's own name. */
const compare = {
  tolerances: { 'target_cents.*': 100, cash_cents: 100, score: 1e-9 },
  ignore: ['execution_id'],
};

/** What a shadow run has shown. */
export interface ShadowAnswer extends Pick<Comparison, 'equal' | 'differences' | 'compared'> {
  readonly current: Outcome<TradingEvent>['status'];
  readonly next: Outcome<TradingEvent>['status'];
}

/**
 * The Lambda of `shadow` mode: runs a session by asynchronous invoke, which counts, and by Step Functions, which does not
 * (its conclusion is recorded and not sent), and answers where they differ. It waits for both: give it a timeout. IAM:
 * that of both paths, `dynamodb:GetItem`.
 */
export function createShadowRunner(parts: ShadowRunnerParts): LambdaHandler {
  const { byInvoke, byStepFunctions, jobs, pollMs } = parts;

  async function waitForEnd(session: Session, isShadow: boolean, signal: AbortSignal): Promise<TradingEvent> {
    for (;;) {
      const { result } = (await jobs.get(conclusionOf(workflowIdOf(session, isShadow)))) ?? {};
      if (result) return result;
      await pause(pollMs, undefined, { signal });
    }
  }

  return createWorker({
    input: sessionSchema,
    directFailure: 'throw',
    async process(session, { signal: ending }): Promise<ShadowAnswer> {
      let report: ShadowReport<TradingEvent> | undefined;
      const run = createMigration<Session, TradingEvent>({
        async current(input, { signal }) {
          await byInvoke(input);
          return waitForEnd(input, false, AbortSignal.any([signal, ending]));
        },
        async next(input, { signal }) {
          await byStepFunctions(input, true);
          return waitForEnd(input, true, AbortSignal.any([signal, ending]));
        },
        mode: 'shadow',
        compare,
        onReport: (made) => {
          report = made;
        },
        shadowTimeoutMs: 30_000,
      });
      await run(session);
      if (report === undefined) throw new Error('a shadow run has a report');
      const { equal, differences, compared } = report;
      const paths = { current: report.current.status, next: report.next.status };
      return { equal, differences, compared, ...paths };
    },
  });
}
