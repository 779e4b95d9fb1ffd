import type { Place } from './place.js';
import { startElsewhere } from './startElsewhere.js';
import { startEmbedded } from './startEmbedded.js';

/** The embedded services, or those that `FANFOLD_SQS_ENDPOINT` and its like name. */
export function startPlace(): Promise<Place> {
  const { FANFOLD_DYNAMODB_ENDPOINT, FANFOLD_SQS_ENDPOINT, FANFOLD_SFN_ENDPOINT, FANFOLD_LAMBDA_PORT } =
    process.env;
  if (!FANFOLD_SQS_ENDPOINT) return startEmbedded();
  return startElsewhere({
    sqs: FANFOLD_SQS_ENDPOINT,
    // A suite that uses none of them need not be told where they are.
    dynamodb: FANFOLD_DYNAMODB_ENDPOINT,
    sfn: FANFOLD_SFN_ENDPOINT,
    lambdaPort: Number(FANFOLD_LAMBDA_PORT || 0),
  });
}
