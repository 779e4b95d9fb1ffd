import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../../src/local/index.js';
import { createHarness, invoke, single } from './harness.js';

let local: Local;
let harness: ReturnType<typeof createHarness>;

beforeAll(async () => {
  local = await startLocal();
  harness = createHarness(local);
});
afterAll(() => local.stop());

const choice = (rule: object) => ({
  StartAt: 'Which',
  States: {
    Which: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: 'yes', End: true },
    No: { Type: 'Pass', Result: 'no', End: true },
  },
});

describe('a Choice', () => {
  it.each([
    [{ failures: [] }, 'no', 'yes'],
    [{ failures: [{ id: 1 }] }, 'yes', 'yes'],
    [{}, 'no', 'no'],
  ])(
    'on %j: failures[0] is what tells of a failure, failures alone is always there',
    async (result, first, list) => {
      const input = { result };
      const IsPresent = true;
      expect(await harness.outputOf(choice({ Variable: '$.result.failures[0]', IsPresent }), input)).toBe(
        first,
      );
      expect(await harness.outputOf(choice({ Variable: '$.result.failures', IsPresent }), input)).toBe(list);
    },
  );

  it('matches what is absent, not null or not a string, alone and within And', async () => {
    const absent = { Variable: '$.a', IsPresent: false };
    expect(await harness.outputOf(choice(absent), {})).toBe('yes');
    expect(await harness.outputOf(choice(absent), { a: 1 })).toBe('no');
    expect(await harness.outputOf(choice({ Variable: '$.a', IsNull: false }), { a: 1 })).toBe('yes');
    const both = { And: [absent, { Variable: '$.b', IsString: false }] };
    expect(await harness.outputOf(choice(both), { b: 1 })).toBe('yes');
    expect(await harness.outputOf(choice(both), { b: 'x' })).toBe('no');
  });
});

const map = (task: object, fields: object = {}) =>
  single({
    Type: 'Map',
    ItemsPath: '$.items',
    ItemSelector: {
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'run.$': '$$.Execution.Name',
    },
    ItemProcessor: {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: invoke,
          Parameters: { FunctionName: 'work', 'Payload.$': '$' },
          ...task,
          End: true,
        },
      },
    },
    ...fields,
  });

describe('a Map', () => {
  it('runs as many items at once as it may, and keeps their order', async () => {
    let [running, most] = [0, 0];
    local.lambda.register(
      'work',
      async ({ item, index, run }: { item: number; index: number; run: string }) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        running -= 1;
        return [item, index, run];
      },
    );
    const items = Array.from({ length: 46 }, (_, index) => index * 2);
    const machine = map({ ResultSelector: { 'result.$': '$.Payload' } }, { MaxConcurrency: 5 });
    const executionArn = await harness.start(await harness.register(machine), { items }, 'tickers');
    const { output = '' } = await harness.ended(executionArn);
    expect(JSON.parse(output)).toEqual(items.map((item, index) => ({ result: [item, index, 'tickers'] })));
    expect(most).toBe(5);
    // Started, two around the Map, two within it, five and two for every item, succeeded.
    expect(await harness.history(executionArn)).toHaveLength(6 + 46 * 7);
  });

  it('fails with its first item, ends the others and starts no more of them', async () => {
    const started: number[] = [];
    local.lambda.register(
      'work',
      ({ item }: { item: number }) => {
        started.push(item);
        if (item === 2) throw new RangeError('no such ticker');
        return new Promise(() => {});
      },
      { timeoutMs: 900_000 },
    );
    const machine = {
      StartAt: 'All',
      States: {
        All: {
          ...(map({}).States as { Only: object }).Only,
          MaxConcurrency: 3,
          End: undefined,
          Next: 'Fine',
          Catch: [{ ErrorEquals: ['RangeError'], Next: 'Wait' }],
        },
        Fine: { Type: 'Succeed' },
        // The items that the engine still has in its queue would start meanwhile.
        Wait: { Type: 'Wait', Seconds: 1, Next: 'Caught' },
        Caught: { Type: 'Pass', Result: 'caught', End: true },
      },
    };
    const executionArn = await harness.start(
      await harness.register(JSON.parse(JSON.stringify(machine)), { secondMs: 100 }),
      {
        items: Array.from({ length: 50 }, (_, index) => index),
      },
    );
    expect(await harness.ended(executionArn)).toMatchObject({ output: '"caught"' });
    expect(started).toEqual([0, 1, 2]);
    const types = await harness.types(executionArn);
    expect(types.slice(types.indexOf('MapStateFailed'))).toEqual([
      ...['MapStateFailed', 'MapStateExited', 'WaitStateEntered', 'WaitStateExited'],
      ...['PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
    ]);
  });

  it('can be retried as a whole, and keeps the good results when each item catches its own error', async () => {
    const tries = new Map<number, number>();
    local.lambda.register('work', ({ item }: { item: number }) => {
      tries.set(item, (tries.get(item) ?? 0) + 1);
      if (item === 1 && (tries.get(item) ?? 0) < 2) throw new Error('once');
      if (item === 3) throw new RangeError('always');
      return { item };
    });
    const retried = map(
      {},
      {
        Retry: [{ ErrorEquals: ['Error'], IntervalSeconds: 1 }],
        ResultSelector: { 'all.$': '$[*].Payload.item' },
      },
    );
    expect(await harness.outputOf(retried, { items: [0, 1, 2] }, { secondMs: 10 })).toEqual({
      all: [0, 1, 2],
    });
    expect(tries.get(0)).toBe(2);

    const caught = map({ Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Failed' }] });
    const { Only } = caught.States as { Only: { ItemProcessor: { States: object } } };
    Object.assign(Only.ItemProcessor.States, { Failed: { Type: 'Pass', End: true } });
    expect(await harness.outputOf(caught, { items: [2, 3, 4] })).toMatchObject([
      { Payload: { item: 2 } },
      { item: 3, error: { Error: 'RangeError' } },
      { Payload: { item: 4 } },
    ]);
  });
});

describe('other states', () => {
  it("keep a falsy result, replace the whole by ResultPath $, and set a field by $['…']", async () => {
    expect(await harness.outputOf(single({ Type: 'Pass', Result: false }), { a: 1 })).toBe(false);
    expect(
      await harness.outputOf(single({ Type: 'Pass', Result: { b: 2 }, ResultPath: '$' }), { a: 1 }),
    ).toEqual({ b: 2 });
    const Parameters = { 'n.$': '$.a' };
    const field = single({ Type: 'Pass', Parameters, ResultPath: "$['b']" });
    expect(await harness.outputOf(field, { a: 1 })).toEqual({ a: 1, b: { n: 1 } });
    expect(await harness.outputOf(single({ Type: 'Pass', Result: 1, ResultPath: null }), { a: 1 })).toEqual({
      a: 1,
    });
  });

  it("see the context: execution, state machine, and the state's own name, in a Map too", async () => {
    const Parameters = {
      'id.$': '$$.Execution.Id',
      'input.$': '$$.Execution.Input.items[0]',
      'state.$': '$$.State.Name',
      'machine.$': '$$.StateMachine.Name',
      'entered.$': '$$.State.EnteredTime',
    };
    const inner = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', Parameters, End: true } } };
    const machine = single({ Type: 'Map', ItemsPath: '$.items', ItemProcessor: inner });
    const executionArn = await harness.start(await harness.register(machine), { items: ['first'] });
    const { output = '', startDate } = await harness.ended(executionArn);
    const [seen] = JSON.parse(output);
    expect(seen).toMatchObject({
      id: executionArn,
      input: 'first',
      state: 'Inner',
      machine: expect.stringMatching(/^machine-/),
    });
    expect(Date.parse(seen.entered)).toBeGreaterThanOrEqual(startDate?.getTime() ?? Number.NaN);
  });

  it('see how often they were retried', async () => {
    const seen: unknown[] = [];
    local.lambda.register('work', ({ count }: { count: number }) => {
      seen.push(count);
      if (seen.length < 3) throw new Error('again');
    });
    const Parameters = { FunctionName: 'work', Payload: { 'count.$': '$$.State.RetryCount' } };
    const Retry = [{ ErrorEquals: ['Error'], IntervalSeconds: 1 }];
    const task = single({ Type: 'Task', Resource: invoke, Parameters, Retry });
    await harness.outputOf(task, {}, { secondMs: 10 });
    expect(seen).toEqual([0, 1, 2]);
  });

  it('of a Parallel run together; the first to fail ends the others', async () => {
    const { state, receive } = await harness.tokenState();
    const branch = (States: object) => ({ StartAt: Object.keys(States)[0], States });
    const machine = {
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [
            branch({ Waits: { ...state, End: true } }),
            branch({
              Soon: { Type: 'Wait', Seconds: 1, Next: 'Fails' },
              Fails: { Type: 'Fail', Error: 'Enough' },
            }),
          ],
          Catch: [{ ErrorEquals: ['Enough'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Succeed' },
      },
    };
    const executionArn = await harness.start(await harness.register(machine, { secondMs: 200 }));
    expect(await harness.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const { taskToken } = await receive();
    await expect(harness.succeed(taskToken, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('fail by their Error and Cause, and the whole by its own TimeoutSeconds', async () => {
    expect(
      await harness.run({ StartAt: 'No', States: { No: { Type: 'Fail', Error: 'Bad', Cause: 'rows' } } }),
    ).toMatchObject({
      status: 'FAILED',
      error: 'Bad',
      cause: 'rows',
    });
    const machine = { ...single({ Type: 'Wait', Seconds: 1_000 }), TimeoutSeconds: 2 };
    const executionArn = await harness.start(await harness.register(machine, { secondMs: 20 }));
    const result = await harness.ended(executionArn);
    expect([result.status, result.error, result.cause]).toEqual(['TIMED_OUT', undefined, undefined]);
    expect((await harness.history(executionArn)).at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
  });

  it('hand on at most 256 KiB, together too', async () => {
    local.lambda.register('work', () => 'x'.repeat(100_000));
    expect(await harness.run(map({}), { items: [1, 2, 3] })).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });

  it("take a timeout of AWS's default length, which no timer could hold", async () => {
    local.lambda.register('work', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 'done';
    });
    const task = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:work' };
    expect(await harness.outputOf(single({ ...task, TimeoutSeconds: 99_999_999 }))).toBe('done');
  });
});
