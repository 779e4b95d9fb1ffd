import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Handler, SQSEvent, SQSHandler } from 'aws-lambda';
import type { Local } from '../../src/local/index.js';

declare const local: Local;
declare const sqsHandler: SQSHandler;
declare const handler: Handler<{ id: string }, { done: boolean }>;

new DynamoDBClient(local.clientConfig('dynamodb'));
new SQSClient({ ...local.clientConfig('sqs', { faults: false }), maxAttempts: 1 });
new S3Client(local.clientConfig('s3'));
// @ts-expect-error there is no such service here
local.clientConfig('sns');

local.lambda.register('sqs', sqsHandler);
local.lambda.register('direct', handler, { timeoutMs: 1_000 });
local.lambda.register('own', async ({ Records }: SQSEvent, context) => {
  context.getRemainingTimeInMillis() satisfies number;
  return Records.length;
});
// @ts-expect-error an option's name carries its unit
local.lambda.register('own', handler, { timeout: 3 });

void local.mapQueue({ queueUrl: '', functionName: 'sqs', ramp: true });
// @ts-expect-error a mapping needs its function
void local.mapQueue({ queueUrl: '' });

local.faults.next('dynamodb', 'UpdateItem', 'resetAfter');
// @ts-expect-error latency is no fault of a single call
local.faults.next('dynamodb', 'UpdateItem', 'latency');

// @ts-expect-error the counts are read only
local.faults.counts.killAfter = 1;
