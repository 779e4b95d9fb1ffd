import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createMint, type Mint, type MintParts } from './createMint.js';
import { createDirectMinter } from './handlers/createDirectMinter.js';
import { createQueueMinter } from './handlers/createQueueMinter.js';
import type { Log } from './handlers/logLine.js';
import { dynamoRegistry } from './registry.js';

/** Asks the system that the identifiers come from. */
type Confirm = MintParts['confirm'];

// Lambda's own standard error: one JSON object a line.
const log: Log = (line) => process.stderr.write(`${JSON.stringify(line)}\n`);

function mintFor(tableName: string, confirm: Confirm): Mint {
  const registry = dynamoRegistry({ client: new DynamoDBClient({}), tableName });
  return createMint({ registry, confirm, newId: randomUUID });
}

/** `export const handler = directHandler(process.env, confirm)` is the direct Lambda's entry. */
export function directHandler(environment: { readonly TABLE_NAME: string }, confirm: Confirm) {
  return createDirectMinter({ mint: mintFor(environment.TABLE_NAME, confirm), log });
}

/** The entry of the Lambda behind the queue: only this one is told of the downstream queue, and may send to it. */
export function queueHandler(
  environment: { readonly TABLE_NAME: string; readonly RESULTS_QUEUE_URL: string },
  confirm: Confirm,
) {
  const { TABLE_NAME, RESULTS_QUEUE_URL } = environment;
  const mint = mintFor(TABLE_NAME, confirm);
  return createQueueMinter({ mint, log, sqs: new SQSClient({}), resultsQueueUrl: RESULTS_QUEUE_URL });
}
