import { createWorker, type LambdaHandler } from 'fanfold';
import type { Conclude } from '../events/createConclude.js';
import { workflowFailed } from './concludeSession.js';
import { summarySchema } from './createAggregator.js';
import { workflowIdOf } from './startSession.js';

/**
 * The Lambda behind the dead-letter queue of the aggregator: a session whose aggregation failed every time still ends
 * with one event, and if it had been decided before, with that one. IAM: as the aggregator's, without S3.
 */
export function createAggregatorFailed(conclude: Conclude): LambdaHandler {
  return createWorker({
    input: summarySchema,
    async process({ id, metadata: { session, is_shadow } }) {
      const reason = 'aggregation failed: its message is in the dead-letter queue';
      const decide = () => workflowFailed(session.correlation_id, id, reason);
      await conclude(workflowIdOf(session, is_shadow), decide, { isShadow: is_shadow });
      return null;
    },
  });
}
