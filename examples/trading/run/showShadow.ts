import type { ShadowAnswer } from '../strategies/createShadowRunner.js';
import { deploySessions } from './deploySessions.js';
import { makeSession } from './sessions.js';
import { startStage } from './startStage.js';
import { waitFor } from './waitFor.js';

const CORRELATION_ID = 'shadowed';

export type ShadowResult = ShadowAnswer & {
  readonly planted: boolean;
  /** Events of the session that were put: the shadow sends none. */
  readonly eventsPut: number;
};

/** Runs one session by both paths and compares; with `planted`, the new path is wrong about one target. */
export async function showShadow(strategies: number, planted: boolean): Promise<ShadowResult> {
  const stage = await startStage();
  try {
    const session = makeSession(CORRELATION_ID, strategies);
    const { log } = await deploySessions(stage, planted ? session.strategies[0]?.dsl_file : undefined);
    const answer = (await stage.local.lambda.invoke('shadow', session)) as ShadowAnswer;
    await waitFor(
      'the event of the session',
      () => log.effectOf(CORRELATION_ID, 'SignalGenerated') !== undefined,
    );
    return { ...answer, planted, eventsPut: log.countsOf(CORRELATION_ID, 'SignalGenerated').put };
  } finally {
    await stage.stop();
  }
}
