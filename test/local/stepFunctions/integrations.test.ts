import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../../src/local/index.js';
import { createHarness, single } from './harness.js';

let local: Local;
let harness: ReturnType<typeof createHarness>;

beforeAll(async () => {
  local = await startLocal();
  harness = createHarness(local);
});
afterAll(() => local.stop());

const task = (resource: string, Parameters: object, fields: object = {}) =>
  single({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, ...fields });

describe('sqs:sendMessage', () => {
  it('sends a body, of JSON or text, with its attributes', async () => {
    const { queueUrl } = await local.createQueue('plain');
    const sqs = new SQSClient(local.clientConfig('sqs'));
    for (const [MessageBody, body] of [
      [{ 'n.$': '$.n' }, '{"n":1}'],
      ['text', 'text'],
    ] as const) {
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'a' } };
      const machine = task('sqs:sendMessage', { QueueUrl: queueUrl, MessageBody, MessageAttributes });
      expect(await harness.outputOf(machine, { n: 1 })).toMatchObject({ MessageId: expect.any(String) });
      const receive = { QueueUrl: queueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 5 };
      const { Messages } = await sqs.send(new ReceiveMessageCommand(receive));
      expect(Messages?.[0]).toMatchObject({ Body: body, MessageAttributes: { kind: { StringValue: 'a' } } });
    }
  });

  it('fails by the name of what SQS says', async () => {
    const QueueUrl = `${local.endpoints.sqs}/000000000000/none`;
    const result = await harness.run(task('sqs:sendMessage', { QueueUrl, MessageBody: 'x' }));
    expect(result).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/^SQS\.\w+Exception$/) });
  });
});

describe('dynamodb:*Item', () => {
  const key = { id: { 'S.$': '$.id' } };

  it('puts, reads, updates and deletes an item, and a refused condition can be caught by its name', async () => {
    const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
    const TableName = 'files';
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const input = { id: 'a' };
    const put = {
      TableName,
      Item: { ...key, state: { S: 'pending' } },
      ConditionExpression: 'attribute_not_exists(id)',
    };
    await harness.outputOf(task('dynamodb:putItem', put), input);
    expect(await harness.run(task('dynamodb:putItem', put), input)).toMatchObject({
      error: 'DynamoDB.ConditionalCheckFailedException',
    });
    const update = {
      ...{ TableName, Key: key, UpdateExpression: 'SET #s = :s', ReturnValues: 'ALL_NEW' },
      ...{
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: 'completed' } },
      },
    };
    const changed = { id: { S: 'a' }, state: { S: 'completed' } };
    expect(await harness.outputOf(task('dynamodb:updateItem', update), input)).toMatchObject({
      Attributes: changed,
    });
    expect(await harness.outputOf(task('dynamodb:getItem', { TableName, Key: key }), input)).toMatchObject({
      Item: changed,
    });
    await harness.outputOf(task('dynamodb:deleteItem', { TableName, Key: key }), input);
    expect(
      (await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).Item,
    ).toBeUndefined();
    expect(local.meter.dynamodb.calls).toMatchObject({ PutItem: 2, UpdateItem: 1, DeleteItem: 1 });
  });
});

describe('events:putEvents and sns:publish', () => {
  it('are kept for the test to look at', async () => {
    const Entries = [{ Source: 'trading', DetailType: 'AllTradesCompleted', Detail: { 'id.$': '$.id' } }];
    expect(await harness.outputOf(task('events:putEvents', { Entries }), { id: 7 })).toMatchObject({
      FailedEntryCount: 0,
    });
    expect(local.stepFunctions.events).toMatchObject([
      { source: 'trading', detailType: 'AllTradesCompleted', detail: { id: 7 }, eventBusName: 'default' },
    ]);
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alerts';
    await harness.outputOf(task('sns:publish', { TopicArn, Message: 'failed' }));
    expect(local.stepFunctions.notifications).toMatchObject([{ topicArn: TopicArn, message: 'failed' }]);
  });
});

describe('states:startExecution', () => {
  const child = { ...single({ Type: 'Pass', Parameters: { 'n.$': '$.n' } }) };

  it('starts, or waits and gives the output as text or as JSON', async () => {
    const StateMachineArn = await harness.register(child);
    const Parameters = { StateMachineArn, Input: { n: 1 } };
    const started = await harness.outputOf(task('states:startExecution', { ...Parameters, Name: 'child-1' }));
    expect(await harness.ended(started.ExecutionArn)).toMatchObject({ name: 'child-1', output: '{"n":1}' });
    expect(await harness.outputOf(task('states:startExecution.sync', Parameters))).toMatchObject({
      Output: '{"n":1}',
    });
    expect(await harness.outputOf(task('states:startExecution.sync:2', Parameters))).toMatchObject({
      Output: { n: 1 },
      Status: 'SUCCEEDED',
    });
    const again = await harness.run(task('states:startExecution', { ...Parameters, Name: 'child-1' }));
    expect(again.error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  });

  it('fails with a child that fails, and stops a child whose parent is stopped', async () => {
    const failing = await harness.register({ StartAt: 'No', States: { No: { Type: 'Fail', Error: 'Bad' } } });
    const result = await harness.run(task('states:startExecution.sync', { StateMachineArn: failing }));
    expect(result.error).toBe('States.TaskFailed');
    expect(JSON.parse(result.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Bad' });

    const { state, receive } = await harness.tokenState();
    const waiting = await harness.register(single(state));
    const parameters = { StateMachineArn: waiting, Name: 'orphan' };
    const parent = await harness.start(
      await harness.register(task('states:startExecution.sync', parameters)),
    );
    await receive();
    await harness.stop(parent);
    const orphan = `${waiting.replace(':stateMachine:', ':execution:')}:orphan`;
    expect(await harness.ended(orphan)).toMatchObject({ status: 'ABORTED' });
  });
});

describe('glue:startJobRun.sync', () => {
  it('runs a registered job and waits for it', async () => {
    local.stepFunctions.registerJob('convert', async ({ arguments: given, jobName }) => {
      expect([jobName, given]).toEqual(['convert', { '--manifest': 'm.json' }]);
    });
    const parameters = { JobName: 'convert', Arguments: { '--manifest.$': '$.manifest' } };
    expect(
      await harness.outputOf(task('glue:startJobRun.sync', parameters), { manifest: 'm.json' }),
    ).toMatchObject({ JobName: 'convert', JobRunState: 'SUCCEEDED', Id: expect.stringMatching(/^jr_/) });
  });

  it('fails with the job, and for a job that nobody registered', async () => {
    local.stepFunctions.registerJob('breaks', () => {
      throw new Error('line 7 is no JSON');
    });
    const failed = await harness.run(task('glue:startJobRun.sync', { JobName: 'breaks' }));
    expect(failed.error).toBe('States.TaskFailed');
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: 'line 7 is no JSON',
    });
    const unknown = await harness.run(task('glue:startJobRun.sync', { JobName: 'nobody' }));
    expect(unknown.error).toBe('Glue.EntityNotFoundException');
  });

  it('tells a job when the state machine waits no longer', async () => {
    let stopped = false;
    local.stepFunctions.registerJob('endless', ({ signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      return new Promise(() => {});
    });
    const machine = task('glue:startJobRun.sync', { JobName: 'endless' }, { TimeoutSeconds: 2 });
    expect(await harness.run(machine, {}, { secondMs: 20 })).toMatchObject({ error: 'States.Timeout' });
    expect(stopped).toBe(true);
  });
});
