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
    const executionsBefore = local.meter.sfn.calls.StartExecution ?? 0;
    const path = await runOne('chosen');
    const executions = (local.meter.sfn.calls.StartExecution ?? 0) - executionsBefore;

    // Nothing else sends events now: the reply that is lost is this session's.
    local.faults.next('events', 'PutEvents', 'resetAfter');
    await runOne('lost-reply');
    await waitFor(
      'both deliveries of the event that was put twice',
      () => log.countsOf('lost-reply', 'SignalGenerated').delivered >= 2,
    );
    return {
      ...{ strategies, sessions },
      chosen: { useStepFunctions: useStepFunctions ?? 'not set', path, executions },
      lostReply: log.countsOf('lost-reply', 'SignalGenerated'),
    };
  } finally {
    await stage.stop();
  }
}
