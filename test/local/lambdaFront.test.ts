import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInvocationScopes } from '../../src/local/invocationScope.js';
import { startLambdaFront } from '../../src/local/lambdaFront.js';
import { createLambdaRunner, type LambdaRunner } from '../../src/local/lambdaRunner.js';
import type { LoopbackServer } from '../../src/local/serve.js';

describe('startLambdaFront', () => {
  let runner: LambdaRunner;
  let front: LoopbackServer;

  beforeEach(async () => {
    runner = createLambdaRunner({ concurrency: 1, scopes: createInvocationScopes(), now: Date.now });
    front = await startLambdaFront(runner, 0);
    runner.register('echo', (event: unknown) => ({ event }));
    runner.register('fails', () => {
      throw new TypeError('no title');
    });
  });
  afterEach(() => front.stop());

  const invoke = (name: string, body = '{}', headers: Record<string, string> = {}) =>
    fetch(`${front.endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      method: 'POST',
      body,
      headers,
    });

  it.each<[string, () => Promise<Response>, number, string]>([
    ['an unknown function', () => invoke('nobody'), 404, 'ResourceNotFoundException'],
    ['what is no JSON', () => invoke('echo', '{'), 400, 'InvalidRequestContentException'],
    [
      'a payload over 6 MB',
      () => invoke('echo', `"${'x'.repeat(6_291_456)}"`),
      413,
      'RequestTooLargeException',
    ],
    [
      'an event over 1 MB',
      () => invoke('echo', `"${'x'.repeat(1_048_576)}"`, { 'x-amz-invocation-type': 'Event' }),
      413,
      'RequestTooLargeException',
    ],
    [
      'another operation',
      () => fetch(`${front.endpoint}/2015-03-31/functions`),
      404,
      'ResourceNotFoundException',
    ],
  ])('refuses %s under its name', async (_what, call, status, code) => {
    const response = await call();
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([status, code]);
  });

  it('throttles at the limit of concurrency', async () => {
    let open: (answer: string) => void = () => {};
    runner.register(
      'busy',
      () =>
        new Promise((resolve) => {
          open = resolve;
        }),
    );
    const busy = invoke('busy');
    await expect.poll(() => runner.metrics().inFlight).toBe(1);
    expect((await invoke('echo')).status).toBe(429);
    open('done');
    expect(await (await busy).json()).toBe('done');
  });

  it('says that the code failed in a header, with the error as the payload', async () => {
    const response = await invoke('fails');
    expect([response.status, response.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(await response.json()).toMatchObject({ errorType: 'TypeError', errorMessage: 'no title' });
  });

  it('answers what the function returned, by name and by ARN', async () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';
    for (const name of ['echo', arn, `${arn}:$LATEST`]) {
      expect(await (await invoke(name, '{"a":1}')).json()).toEqual({ event: { a: 1 } });
    }
  });

  it('accepts an event without waiting for the function', async () => {
    const seen = new Promise((resolve) => runner.register('later', resolve));
    const response = await invoke('later', '{"a":1}', { 'x-amz-invocation-type': 'Event' });
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(await seen).toEqual({ a: 1 });
  });

  it('names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(startLambdaFront(runner, port)).rejects.toMatchObject({
      code: 'PortInUse',
      message: `ports.lambda: port ${port} is in use`,
    });
    other.close();
  });
});
