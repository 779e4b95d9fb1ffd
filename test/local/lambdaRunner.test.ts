import type { Handler, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { createInvocationScopes } from '../../src/local/invocationScope.js';
import { createLambdaRunner } from '../../src/local/lambdaRunner.js';
import type { FailedEvent } from '../../src/local/registeredFunction.js';

const runner = (concurrency = 1_000) =>
  createLambdaRunner({ concurrency, scopes: createInvocationScopes(), now: Date.now });

/** A handler that ends when the test says so. */
function gate() {
  const waiting: ((answer: unknown) => void)[] = [];
  return {
    handler: () => new Promise((resolve) => waiting.push(resolve)),
    open: (answer?: unknown) => {
      for (const resolve of waiting.splice(0)) resolve(answer);
    },
    waiting,
  };
}

describe('createLambdaRunner', () => {
  it('names a function that nobody registered', async () => {
    await expect(runner().invoke('worker')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(runner().invokeAsync('worker')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it.each([
    ['a name', () => runner().register('no spaces', () => {})],
    ['timeoutMs', () => runner().register('f', () => {}, { timeoutMs: 900_001 })],
    ['concurrency', () => runner().register('f', () => {}, { concurrency: -1 })],
    ['memoryMb', () => runner().register('f', () => {}, { memoryMb: 64 })],
    ['maximumRetryAttempts', () => runner().register('f', () => {}, { maximumRetryAttempts: 3 })],
  ])('refuses %s that Lambda would refuse', (_field, register) => {
    expect(register).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it.each([
    ['throws', () => Promise.reject(new TypeError('no title')), 'TypeError', 'no title'],
    [
      'throws synchronously',
      () => {
        throw new TypeError('no title');
      },
      'TypeError',
      'no title',
    ],
    ['throws null', () => Promise.reject(null), 'Error', 'null'],
    [
      'answers what JSON cannot hold',
      () => ({ big: 1n }),
      'Runtime.MarshalError',
      'Unable to stringify response body',
    ],
  ])('fails as Lambda does when the code %s', async (_what, handler, errorType, errorMessage) => {
    const lambda = runner();
    lambda.register('f', handler);
    await expect(lambda.invoke('f')).rejects.toMatchObject({
      code: 'FunctionError',
      payload: { errorType, errorMessage },
    });
    expect(lambda.metrics('f')).toMatchObject({ inFlight: 0, invocations: 1, failures: 1 });
  });

  it('ends code that takes too long, and ignores what it answers later', async () => {
    const lambda = runner();
    const { handler, open } = gate();
    lambda.register('slow', handler, { timeoutMs: 20 });
    await expect(lambda.invoke('slow')).rejects.toMatchObject({
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.02 seconds$/),
      },
    });
    open('late');
    expect(lambda.metrics()).toMatchObject({ inFlight: 0, failures: 1 });
  });

  it('refuses payloads and answers that are too large', async () => {
    const lambda = runner();
    lambda.register('echo', (event: unknown) => event);
    lambda.register('large', () => 'x'.repeat(6 * 1_024 * 1_024));
    const mebibytes = (count: number) => 'x'.repeat(count * 1_024 * 1_024);
    await expect(lambda.invoke('echo', mebibytes(6))).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(lambda.invokeAsync('echo', mebibytes(1))).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(lambda.invoke('large')).rejects.toMatchObject({
      payload: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  it('throttles what passes the reserved or the account concurrency', async () => {
    const lambda = runner(3);
    const { handler, open } = gate();
    lambda.register('reserved', handler, { concurrency: 1 });
    lambda.register('other', handler);
    const running = [lambda.invoke('reserved'), lambda.invoke('other'), lambda.invoke('other')];
    await expect(lambda.invoke('reserved')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      retryable: true,
    });
    await expect(lambda.invoke('other')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    open();
    await Promise.all(running);
    expect(lambda.metrics()).toMatchObject({ inFlight: 0, peakInFlight: 3, invocations: 3, failures: 0 });
    expect(lambda.metrics('reserved').timeline).toHaveLength(1);
  });

  it('shares no object between caller and handler', async () => {
    const lambda = runner();
    const answered: { when: Date }[] = [];
    lambda.register('f', (event: { list: number[]; when: string }) => {
      event.list.push(3);
      const answer = { when: new Date(0), event };
      answered.push(answer);
      return answer;
    });
    const payload = { list: [1, 2], when: new Date(0) };
    const answer = await lambda.invoke('f', payload);
    expect(payload.list).toEqual([1, 2]);
    const when = '1970-01-01T00:00:00.000Z';
    expect(answer).toEqual({ when, event: { list: [1, 2, 3], when } });
    expect(answer).not.toBe(answered[0]);
  });

  it('hands over a context that tells the remaining time', async () => {
    const lambda = runner();
    lambda.register(
      'f',
      async (_event, context) => {
        const before = context.getRemainingTimeInMillis();
        await vi.waitFor(() => expect(context.getRemainingTimeInMillis()).toBeLessThan(before));
        return { ...context, before };
      },
      { timeoutMs: 5_000, memoryMb: 512 },
    );
    expect(await lambda.invoke('f')).toMatchObject({
      functionName: 'f',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      memoryLimitInMB: '512',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/f',
      callbackWaitsForEmptyEventLoop: true,
      before: expect.toSatisfy((value: number) => value > 0 && value <= 5_000),
    });
  });

  it('runs handlers of the callback style, and those typed by aws-lambda', async () => {
    const lambda = runner();
    const typed: Handler<SQSEvent, SQSBatchResponse> = (event, _context, callback) => {
      callback(null, {
        batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
      });
    };
    lambda.register('typed', typed);
    lambda.register('failing', (_event, _context, callback) => callback(new Error('no')));
    expect(await lambda.invoke('typed', { Records: [] })).toEqual({ batchItemFailures: [] });
    await expect(lambda.invoke('failing')).rejects.toMatchObject({ payload: { errorMessage: 'no' } });
  });

  it('tries an asynchronous event three times under one request id, then reports and drops it', async () => {
    const lambda = runner();
    const requestIds: string[] = [];
    const failed = new Promise<FailedEvent>((onFailure) => {
      lambda.register(
        'f',
        (_event, { awsRequestId }) => {
          requestIds.push(awsRequestId);
          throw new Error('no');
        },
        { retryDelayMs: 1, onFailure },
      );
    });
    const { requestId } = await lambda.invokeAsync('f', { a: 1 });
    expect(await failed).toMatchObject({
      requestId,
      functionName: 'f',
      approximateInvokeCount: 3,
      requestPayload: { a: 1 },
      error: { code: 'FunctionError' },
    });
    expect(requestIds).toEqual([requestId, requestId, requestId]);
  });

  it('lets asynchronous events wait for a free slot instead of throttling them', async () => {
    const lambda = runner();
    const seen: number[] = [];
    lambda.register(
      'f',
      async (event: number) => {
        seen.push(event);
      },
      { concurrency: 1 },
    );
    for (const event of [1, 2, 3]) await lambda.invokeAsync('f', event);
    await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]));
    expect(lambda.metrics('f').peakInFlight).toBe(1);
  });

  it('abandons what is under way when it stops', async () => {
    const lambda = runner();
    lambda.register('f', gate().handler);
    const running = lambda.invoke('f');
    lambda.stop();
    await expect(running).rejects.toMatchObject({ code: 'AlreadyStopped' });
    await expect(lambda.invoke('f')).rejects.toMatchObject({ code: 'AlreadyStopped' });
  });
});
