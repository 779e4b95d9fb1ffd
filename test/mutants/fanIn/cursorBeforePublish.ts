import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { JOB, scenario } from '../../../explorer/fanIn/scenario.js';
import { openEnvelope } from '../../../src/envelope.js';

interface Batch {
  readonly input: { readonly Entries: readonly { readonly MessageBody: string }[] };
}

/** A publisher that dies in between goes on behind messages that were never sent. */
export const cursorBeforePublish: FanInMutant = {
  name: 'cursor-before-publish',
  wrong: 'the cursor is moved on before the messages are sent',
  scenario: scenario('array-2', 'ss', { publishing: 'array', workers: 1 }),
  faults: 1,
  hands: (hands, fanIn) => ({
    ...hands,
    sqs: {
      async send(command: never) {
        const indices = (command as Batch).input.Entries.map(
          ({ MessageBody }) => openEnvelope(JSON.parse(MessageBody)).fanIn?.index ?? 0,
        );
        await fanIn.advanceCursor(JOB, Math.max(...indices) + 1);
        return hands.sqs.send(command);
      },
    },
  }),
};
