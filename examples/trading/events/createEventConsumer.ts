import { createWorker, type Jobs, type LambdaHandler } from 'fanfold';
import { z } from 'zod';
import { SOURCE } from './tradingEvent.js';

const eventSchema = z.object({
  source: z.literal(SOURCE),
  'detail-type': z.string(),
  detail: z.looseObject({ correlation_id: z.string() }),
});

export type ConsumedEvent = z.infer<typeof eventSchema>;

export interface EventConsumerParts {
  readonly jobs: Pick<Jobs, 'run'>;
  /** What the event is for. It runs at least once: make it idempotent where it leaves this account. */
  readonly handle: (event: ConsumedEvent) => Promise<void>;
}

/**
 * The Lambda behind a rule. EventBridge delivers at least once, and the publisher may have put the event twice, under
 * two ids: what names it is its workflow, so that it has one effect. A failure throws, and Lambda tries it again.
 * IAM: the jobs' `dynamodb:` actions.
 */
export function createEventConsumer({ jobs, handle }: EventConsumerParts): LambdaHandler {
  return createWorker({
    input: eventSchema,
    jobs: { jobs, id: (event) => `consumed/${event['detail-type']}/${event.detail.correlation_id}` },
    async process(event) {
      await handle(event);
      return null;
    },
  });
}
