import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { completeTask, failTask, isFanfoldError, startExecution } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { ended, outputOf, start, until } from './executions.js';
import { ownName } from './ownName.js';
import type { Place } from './place.js';

/** Executions by name, and task tokens, through our own calls. */
export function describeExecutions(getPlace: () => Place): void {
  /** A state machine that waits for the answers to two tokens, and the next token that it sends. */
  async function createWaiting(name: string) {
    const { sqs, createQueue, createStateMachine } = getPlace();
    const { queueUrl: QueueUrl } = await createQueue(name);
    const wait = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl, MessageBody: { 'taskToken.$': '$$.Task.Token' } },
      TimeoutSeconds: 600,
    };
    const stateMachineArn = await createStateMachine(name, {
      StartAt: 'First',
      States: {
        First: {
          ...wait,
          ResultPath: '$.first',
          Catch: [{ ErrorEquals: ['NoSuchTicker'], ResultPath: '$.caught', Next: 'Second' }],
          Next: 'Second',
        },
        Second: { ...wait, ResultPath: '$.second', End: true },
      },
    });
    const nextToken = () =>
      until(async () => {
        const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
        return Messages?.[0]?.Body === undefined
          ? undefined
          : (JSON.parse(Messages[0].Body) as { taskToken: string }).taskToken;
      });
    return { stateMachineArn, nextToken };
  }

  describe('startExecution', () => {
    it('starts one execution by a name, however often it is called, and says when it has ended', async () => {
      const client = getPlace().sfn;
      const { stateMachineArn, nextToken } = await createWaiting('waits');
      const target = { client, stateMachineArn };
      const request = { name: ownName('2026/11/25 manifest.json'), input: { files: 7 } };
      const first = await startExecution(target, request);
      expect(first).toMatchObject({ status: 'started' });
      const again = await startExecution(target, request);
      expect(again).toEqual(first);
      const other = startExecution(target, { ...request, input: { files: 8 } });
      await expect(other).rejects.toSatisfy((error) => isFanfoldError(error, 'ExecutionAlreadyExists'));

      await completeTask({ client }, await nextToken(), 1);
      await completeTask({ client }, await nextToken(), 2);
      await ended(getPlace(), first.executionArn ?? '');
      expect(await startExecution(target, request)).toMatchObject({
        status: 'alreadyFinished',
        executionArn: first.executionArn,
        executionStatus: 'SUCCEEDED',
        stopDate: expect.any(Date),
        sameInput: true,
      });
      expect(await startExecution(target, { ...request, input: { files: 8 } })).toMatchObject({
        status: 'alreadyFinished',
        sameInput: false,
      });
    });

    it('says how an execution has failed', async () => {
      const stateMachineArn = await getPlace().createStateMachine('fails', {
        StartAt: 'Fail',
        States: { Fail: { Type: 'Fail', Error: 'NoSuchTicker', Cause: 'ACME' } },
      });
      const target = { client: getPlace().sfn, stateMachineArn };
      const request = { name: ownName('fails') };
      const { executionArn = '' } = await startExecution(target, request);
      expect(await ended(getPlace(), executionArn)).toMatchObject({ error: 'NoSuchTicker', cause: 'ACME' });
      expect(await startExecution(target, request)).toMatchObject({
        status: 'alreadyFinished',
        executionStatus: 'FAILED',
      });
    });

    it('tells which state machine does not exist', async () => {
      const stateMachineArn = await getPlace().createStateMachine('there', {
        StartAt: 'Done',
        States: { Done: { Type: 'Succeed' } },
      });
      const target = { client: getPlace().sfn, stateMachineArn: `${stateMachineArn}-not` };
      const name = ownName('nowhere');
      await expect(startExecution(target, { name })).rejects.toMatchObject({
        name: 'StateMachineDoesNotExist',
      });
    });
  });

  // Asserted for the embedded one only: heartbeats, which moto takes at some moments and refuses at others; what a late
  // answer is told, because moto forgets a token with its task, where AWS says TaskTimedOut.
  describe('a task token', () => {
    it('takes an answer, which is the output of its state', async () => {
      const client = getPlace().sfn;
      const { stateMachineArn, nextToken } = await createWaiting('answered');
      const executionArn = await start(getPlace(), stateMachineArn, { ticker: 'AMZN' });
      const first = await nextToken();
      expect(await completeTask({ client }, first, { price: 7 })).toEqual({ status: 'accepted' });
      const second = await nextToken();
      expect(second).not.toBe(first);
      await completeTask({ client }, second, 'done');
      const { status, output = '' } = await ended(getPlace(), executionArn);
      expect(status).toBe('SUCCEEDED');
      expect(JSON.parse(output)).toEqual({ ticker: 'AMZN', first: { price: 7 }, second: 'done' });
    });

    it('fails its task by the name that Catch sees', async () => {
      const client = getPlace().sfn;
      const { stateMachineArn, nextToken } = await createWaiting('refused');
      const executionArn = await start(getPlace(), stateMachineArn, {});
      await failTask({ client }, await nextToken(), { error: 'NoSuchTicker', cause: 'ACME' });
      await completeTask({ client }, await nextToken(), 'went on');
      const { output = '' } = await ended(getPlace(), executionArn);
      // The cause is not asserted: moto hands it on quoted once more.
      expect(JSON.parse(output)).toMatchObject({ caught: { Error: 'NoSuchTicker' }, second: 'went on' });
    });

    it('that is none is refused', async () => {
      const answer = completeTask({ client: getPlace().sfn }, 'nonsense', {});
      await expect(answer).rejects.toMatchObject({ name: 'InvalidToken' });
    });
  });

  describe('dynamodb:putItem', () => {
    // Its outputs are objects, because moto does not quote a string that is the output of an execution.
    it('fails by the name of a refused condition, which Catch sees', async () => {
      const { createTable, createStateMachine } = getPlace();
      const tableName = await createTable((TableName) => ({
        TableName,
        KeySchema: [{ AttributeName: 'ticker', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'ticker', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }));
      const machine = await createStateMachine('puts', {
        StartAt: 'Put',
        States: {
          Put: {
            Type: 'Task',
            Resource: 'arn:aws:states:::dynamodb:putItem',
            Parameters: {
              TableName: tableName,
              Item: { ticker: { 'S.$': '$.ticker' } },
              ConditionExpression: 'attribute_not_exists(ticker)',
            },
            ResultPath: null,
            Catch: [
              { ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], ResultPath: null, Next: 'Known' },
            ],
            Next: 'New',
          },
          New: { Type: 'Pass', Result: { is: 'new' }, End: true },
          Known: { Type: 'Pass', Result: { is: 'known' }, End: true },
        },
      });
      expect(await outputOf(getPlace(), machine, { ticker: 'AMZN' })).toEqual({ is: 'new' });
      expect(await outputOf(getPlace(), machine, { ticker: 'AMZN' })).toEqual({ is: 'known' });
    });
  });
}
