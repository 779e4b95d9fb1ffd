import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { loadDynamoDB, loadSQS } from '../../peers.js';
import { asObject } from '../asObject.js';
import type { LambdaRunner } from '../lambdaRunner.js';
import { callLambda, invokeLambda } from './callLambda.js';
import type { CallResource } from './executionTasks.js';
import type { Records } from './records.js';
import type { RunJob } from './runJob.js';
import type { StartNested } from './startNested.js';
import { serviceError, taskError } from './taskError.js';

/** What stands behind the resources. */
export interface IntegrationParts {
  readonly runner: LambdaRunner;
  readonly dynamodb: () => Promise<DynamoDBClient>;
  readonly sqs: () => Promise<SQSClient>;
  readonly records: Records;
  readonly startNested: StartNested;
  readonly runJob: RunJob;
}

/** What AWS's own SDK adds to every result. */
const metadata = { SdkHttpMetadata: { HttpStatusCode: 200 } };

async function callDynamoDB(client: DynamoDBClient, action: string, input: object): Promise<unknown> {
  const { GetItemCommand, PutItemCommand, UpdateItemCommand, DeleteItemCommand } = await loadDynamoDB();
  // The state machine's author wrote the input: the service checks it.
  const given = input as never;
  const send = () => {
    if (action === 'getItem') return client.send(new GetItemCommand(given));
    if (action === 'putItem') return client.send(new PutItemCommand(given));
    if (action === 'updateItem') return client.send(new UpdateItemCommand(given));
    return client.send(new DeleteItemCommand(given));
  };
  const { $metadata, ...result } = await send().catch((error: unknown) => {
    throw serviceError('DynamoDB', error);
  });
  return { ...result, ...metadata };
}

async function sendMessage(client: SQSClient, input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { SendMessageCommand } = await loadSQS();
  const { MessageBody } = input;
  const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
  const command = new SendMessageCommand({ ...input, MessageBody: body } as never);
  const { $metadata, ...result } = await client.send(command).catch((error: unknown) => {
    throw serviceError('SQS', error);
  });
  return { ...result, ...metadata };
}

/** Answers the resources of Task states by the local services. */
export function createIntegrations(parts: IntegrationParts): CallResource {
  const { runner, records, startNested, runJob } = parts;
  return async ({ service, action, pattern }, given, signal) => {
    if (service === 'function') return invokeLambda(runner, action, given);
    const input = asObject(given);
    if (service === 'lambda') return callLambda(runner, input);
    if (service === 'sqs') return sendMessage(await parts.sqs(), input);
    if (service === 'dynamodb') return callDynamoDB(await parts.dynamodb(), action, input);
    if (service === 'events') return records.putEvents(input);
    if (service === 'sns') return records.publish(input);
    if (service === 'states') return startNested(input, pattern, signal);
    if (service === 'glue') return runJob(input, pattern, signal);
    throw taskError('States.Runtime', `no such resource: ${service}:${action}`, { final: true });
  };
}
