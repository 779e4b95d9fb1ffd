import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NonRetryableError } from 'fanfold';
import { type Local, startLocal } from 'fanfold/local';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMint } from '../../../examples/minter/createMint.js';
import { createDirectMinter } from '../../../examples/minter/handlers/createDirectMinter.js';
import { createQueueMinter } from '../../../examples/minter/handlers/createQueueMinter.js';
import type { LogLine } from '../../../examples/minter/handlers/logLine.js';
import { dynamoRegistry, registryTable } from '../../../examples/minter/registry.js';

let local: Local;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;
let confirmed: string[] = [];
let lines: LogLine[] = [];

beforeAll(async () => {
  local = await startLocal();
  dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  sqs = new SQSClient(local.clientConfig('sqs'));
  await dynamodb.send(new CreateTableCommand(registryTable('minter')));
});
afterAll(async () => {
  await local.stop();
  dynamodb.destroy();
  sqs.destroy();
});
beforeEach(() => {
  [confirmed, lines] = [[], []];
});

const log = (line: LogLine) => lines.push(line);
const mint = () =>
  createMint({
    registry: dynamoRegistry({ client: dynamodb, tableName: 'minter' }),
    newId: randomUUID,
    async confirm(sourceIdentifier) {
      if (sourceIdentifier === 'unknown') throw new NonRetryableError('no such record');
      confirmed.push(sourceIdentifier);
    },
  });
const direct = () => createDirectMinter({ mint: mint(), log });
const record = (messageId: string, body: unknown) => ({
  messageId,
  receiptHandle: messageId,
  body: JSON.stringify(body),
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:identifiers',
  awsRegion: 'us-east-1',
});

describe('createDirectMinter', () => {
  it('refuses SQS records and says so in the log', async () => {
    await expect(direct()({ Records: [record('m', { sourceIdentifier: 'a' })] })).rejects.toThrow(
      'sourceIdentifiers: expected an array',
    );
    expect(lines).toMatchObject([
      { level: 'ERROR', batch_size: 0, message: expect.stringMatching(/^sourceId/) },
    ]);
  });

  it('answers what failed beside what was minted, and echoes the job', async () => {
    const answer = await direct()({ sourceIdentifiers: ['a', 'unknown', 'b'], jobId: 'job-7' });
    expect(answer).toMatchObject({
      successes: [{ sourceIdentifier: 'a' }, { sourceIdentifier: 'b' }],
      failures: [{ sourceIdentifier: 'unknown', error: { message: 'no such record', retryable: false } }],
      jobId: 'job-7',
    });
    expect(lines).toMatchObject([
      { correlation_id: 'job-7', batch_size: 3, success_count: 2, failure_count: 1 },
    ]);
  });

  it('gives an identifier one id, also twice in a request and in requests at once', async () => {
    const request = { sourceIdentifiers: ['same', 'same'] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => direct()(request)));
    const again = await direct()(request);
    expect(new Set([...answers, again].map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('does not ask the source about what is minted already', async () => {
    await direct()({ sourceIdentifiers: ['once'] });
    await direct()({ sourceIdentifiers: ['once'] });
    expect(confirmed).toEqual(['once']);
  });

  it('names its lines by the execution that called it', async () => {
    await direct()({ stepFunctions: { executionId: 'arn:execution' }, sourceIdentifiers: ['a'] });
    expect(lines).toMatchObject([{ correlation_id: 'arn:execution', processing_time: expect.any(Number) }]);
  });
});

describe('createQueueMinter', () => {
  const Records = [record('m1', { sourceIdentifier: 'q1' }), record('m2', { sourceIdentifier: 'q2' })];
  const queued = (resultsQueueUrl: string) => createQueueMinter({ mint: mint(), log, sqs, resultsQueueUrl });

  const inAnyOrder = (...ids: string[]) =>
    expect.toSatisfy(
      (reported: readonly { readonly itemIdentifier: string }[]) =>
        JSON.stringify(reported.map(({ itemIdentifier }) => itemIdentifier).sort()) === JSON.stringify(ids),
    );

  it('refuses what is no SQS batch', async () => {
    await expect(queued('http://127.0.0.1/none')({ sourceIdentifiers: ['a'] })).rejects.toThrow(
      'SQS records',
    );
  });

  it('reports every record whose result could not be sent', async () => {
    const { queueUrl } = await local.createQueue('kept');
    expect(await queued(`${queueUrl}-missing`)({ Records })).toEqual({
      batchItemFailures: inAnyOrder('m1', 'm2'),
    });
    expect(lines).toMatchObject([{ level: 'ERROR', batch_size: 2, success_count: 0, failure_count: 2 }]);
  });

  it('sends the results of a batch in one call, and reports what could not be minted', async () => {
    const { queueUrl } = await local.createQueue('results');
    const bad = [record('m3', { sourceIdentifier: 'unknown' }), record('m4', { sourceIdentifier: ' ' })];
    const sends = () => local.meter.sqs.callsByAction.SendMessageBatch ?? 0;
    const before = sends();
    const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
    expect(await queued(queueUrl)({ Records: [...Records, ...bad] }, context)).toEqual({
      batchItemFailures: inAnyOrder('m3', 'm4'),
    });
    expect(await local.queueDepth(queueUrl)).toMatchObject({ visible: 2 });
    expect(sends() - before).toBe(1);
    expect(lines).toMatchObject([{ correlation_id: 'request-1', batch_size: 4, failure_count: 2 }]);
  });
});
