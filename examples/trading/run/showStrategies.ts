import type { SFNClient } from '@aws-sdk/client-sfn';
import { deploySessions } from './deploySessions.js';
import type { StrategiesResult } from './result.js';
import { runSessions } from './runSessions.js';
import { makeSession } from './sessions.js';
import { startStage } from './startStage.js';
import { waitFor } from './waitFor.js';

export interface StrategiesOptions {
  readonly strategies: number;
  /** As `USE_STEP_FUNCTIONS` has it. */
  readonly useStepFunctions: string | undefined;
}

/** The names of the executions that a client asks for from now on: a call that is repeated starts nothing more. */
function watchExecutions(sfn: SFNClient): ReadonlySet<string | undefined> {
  const names = new Set<string | undefined>();
  sfn.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'StartExecutionCommand' && 'name' in args.input) names.add(args.input.name);
        return next(args);
      },
    { step: 'initialize', name: 'watchExecutions' },
  );
  return names;
}

/** Runs the sessions of every scenario by both paths, one by the path that was chosen, and one whose event is put twice. */
export async function showStrategies(options: StrategiesOptions): Promise<StrategiesResult> {
  const { strategies, useStepFunctions } = options;
  const stage = await startStage();
  const { local } = stage;
  try {
    const deployed = await deploySessions(stage);
    const { log, environment } = deployed;
    const sessions = await runSessions(stage, deployed, strategies);
    const runOne = async (correlationId: string) => {
      const answer = await local.lambda.invoke('startSession', makeSession(correlationId, strategies));
      await waitFor(correlationId, () => log.effectOf(correlationId, 'SignalGenerated') !== undefined);
      return (answer as { readonly path: string }).path;
    };

    environment.USE_STEP_FUNCTIONS = useStepFunctions;
    const executions = watchExecutions(stage.sfn);
    const path = await runOne('chosen');
    const chosen = { useStepFunctions: useStepFunctions ?? 'not set', path, executions: executions.size };

    // Nothing else sends events now: the reply that is lost is this session's.
    local.faults.next('events', 'PutEvents', 'resetAfter');
    await runOne('lost-reply');
    await waitFor(
      'both deliveries of the event that was put twice',
      () => log.countsOf('lost-reply', 'SignalGenerated').delivered >= 2,
    );
    return {
      ...{ strategies, sessions },
      chosen,
      lostReply: log.countsOf('lost-reply', 'SignalGenerated'),
    };
  } finally {
    await stage.stop();
  }
}
