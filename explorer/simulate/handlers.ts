import type { FanIn } from '../../src/aggregation/fanIn.js';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createWorker } from '../../src/invocation/createWorker.js';
import { createDeadLetterHandler } from '../../src/invocation/deadLetter.js';
import type { StandardSchema } from '../../src/invocation/standardSchema.js';
import { sqsEvent } from '../../src/testing/sqsEvent.js';

/** A message as it is received. */
export interface Copy {
  readonly index: number;
  receives: number;
}

export const MAX_RECEIVES = 3;

const anyIndex: StandardSchema<unknown, { index: number }> = {
  '~standard': {
    version: 1,
    vendor: 'simulator',
    validate: (value) => ({ value: value as { index: number } }),
  },
};

function eventOf(copies: readonly Copy[]) {
  return sqsEvent(
    copies.map(({ index, receives }, position) => ({
      messageId: `${position}`,
      receiveCount: receives,
      body: toEnvelope('job', index, { index }),
    })),
  );
}

/** A worker to which one item in a thousand fails for good, and one in five thousand every time. */
export function work(fanIn: FanIn, copies: readonly Copy[]): Promise<unknown> {
  const handler = createWorker({
    input: anyIndex,
    fanIn,
    maxReceiveCount: MAX_RECEIVES,
    process({ index }) {
      if (index % 1_000 === 7) throw new NonRetryableError('never');
      if (index % 5_000 === 11) throw new Error('not today');
      return index;
    },
  });
  return handler(eventOf(copies));
}

export function bury(fanIn: FanIn, copies: readonly Copy[]): Promise<unknown> {
  return createDeadLetterHandler({ fanIn })(eventOf(copies));
}
