import { createFanIn, createJobs, memoryFanInStore, memoryJobStore, toEnvelope } from 'fanfold';
import { sqsEvent } from 'fanfold/testing';
import { describe, expect, it } from 'vitest';
import { createConclude } from '../../../../examples/trading/events/createConclude.js';
import type { TradingEvent } from '../../../../examples/trading/events/tradingEvent.js';
import { signalsOf } from '../../../../examples/trading/run/createStrategies.js';
import { makeSession } from '../../../../examples/trading/run/sessions.js';
import { concludeSession } from '../../../../examples/trading/strategies/concludeSession.js';
import { createAggregator } from '../../../../examples/trading/strategies/createAggregator.js';
import { createAggregatorFailed } from '../../../../examples/trading/strategies/createAggregatorFailed.js';
import { createSessionStarter } from '../../../../examples/trading/strategies/createSessionStarter.js';
import { createStrategyFailed } from '../../../../examples/trading/strategies/createStrategyFailed.js';
import { createStrategyWorker } from '../../../../examples/trading/strategies/createStrategyWorker.js';
import { type StrategyResult, tasksOf } from '../../../../examples/trading/strategies/session.js';
import { configurationError, workflowIdOf } from '../../../../examples/trading/strategies/startSession.js';

const session = makeSession('c-1', 4);

function stage(bytes = 0) {
  const objects = new Map<string, string>();
  const store = {
    put: async (key: string, text: string) => objects.set(key, text),
    get: async (key: string) => {
      const text = objects.get(key);
      if (text === undefined) throw new Error('no such object');
      return text;
    },
  };
  const summaries: object[] = [];
  const fanIn = createFanIn<StrategyResult>({
    ...{ store: memoryFanInStore(), storeResults: true, claimCheck: store },
    onComplete: (summary) => {
      summaries.push(summary);
    },
  });
  const put: TradingEvent[] = [];
  const conclude = createConclude({
    jobs: createJobs({ store: memoryJobStore() }),
    publish: async (event) => {
      put.push(event);
    },
  });
  let aggregations = 0;
  const aggregate: typeof concludeSession = (end) => {
    aggregations += 1;
    return concludeSession(end);
  };
  const strategy = createStrategyWorker({ fanIn, store, evaluate: async (task) => signalsOf(task, bytes) });
  return {
    ...{ objects, store, summaries, fanIn, put, conclude, strategy },
    aggregator: createAggregator({ fanIn, store, conclude, aggregate }),
    aggregations: () => aggregations,
  };
}

type Stage = ReturnType<typeof stage>;

async function open({ fanIn }: Stage): Promise<string> {
  const id = workflowIdOf(session);
  await fanIn.open(id, {
    ...{ total: 4, toleratedFailureCount: 1, metadata: { session, is_shadow: false } },
  });
  return id;
}

describe('a strategy that failed for good', () => {
  const failure = (id: string, index: number, errorType: string) => ({
    requestPayload: toEnvelope(id, index, {}),
    responsePayload: { errorType, errorMessage: 'it is over' },
  });

  it('is settled with its reason, once, though its failure comes twice', async () => {
    const one = stage();
    const id = await open(one);
    const failed = createStrategyFailed(one.fanIn);
    await failed(failure(id, 0, 'Runtime.ExitError'));
    await failed(failure(id, 0, 'Runtime.ExitError'));
    await failed(failure(id, 1, 'Sandbox.Timedout'));
    expect(one.summaries).toMatchObject([
      { completionReason: 'FAILURE_TOLERANCE_EXCEEDED', counts: { failed: 1, timedOut: 1, notStarted: 2 } },
    ]);
    await one.aggregator(sqsEvent([{ body: one.summaries[0] }]));
    expect(one.put).toMatchObject([
      {
        detailType: 'WorkflowFailed',
        detail: { failure_reason: expect.stringMatching(/^too many failures: 2 of 4/) },
      },
    ]);
  });

  it('does not count when it had succeeded before', async () => {
    const one = stage();
    const id = await open(one);
    const [task] = tasksOf(session);
    await one.strategy(toEnvelope(id, 0, task));
    await createStrategyFailed(one.fanIn)(failure(id, 0, 'Runtime.ExitError'));
    expect((await one.fanIn.status(id))?.counts).toMatchObject({ succeeded: 1, failed: 0 });
  });

  it('is refused without an address', async () => {
    const one = stage();
    const event = { requestPayload: { fanIn: { id: 'x', index: -1 } } };
    await expect(createStrategyFailed(one.fanIn)(event)).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('the aggregator', () => {
  const settleAll = async (one: Stage) => {
    const id = await open(one);
    for (const [index, task] of tasksOf(session).entries()) await one.strategy(toEnvelope(id, index, task));
    return one.summaries[0];
  };

  it('aggregates once and sends once though its summary comes twice', async () => {
    const one = stage();
    const body = await settleAll(one);
    await one.aggregator(sqsEvent([{ body }]));
    await one.aggregator(sqsEvent([{ body }]));
    expect(one.aggregations()).toBe(1);
    expect(one.put.map(({ detailType }) => detailType)).toEqual(['SignalGenerated']);
  });

  it('comes to the same by both paths, large results included', async () => {
    const [byFanIn, byMap] = [stage(300_000), stage(300_000)];
    const body = await settleAll(byFanIn);
    await byFanIn.aggregator(sqsEvent([{ body }]));
    const results = [];
    for (const task of tasksOf(session)) {
      const mark = { executionId: 'arn:aws:states:us-east-1:000000000000:execution:session:e' };
      const answer = await byMap.strategy({ stepFunctions: mark, ...task });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(1_024);
      results.push({ dsl_file: task.dsl_file, answer });
    }
    await byMap.aggregator({ session, is_shadow: false, execution_id: 'e', results });
    expect(byMap.put).toEqual(byFanIn.put);
    const { detail = {} } = byMap.put[0] ?? {};
    expect(Buffer.byteLength(JSON.stringify(detail))).toBeLessThan(256_000);
    const { claim_check_key: key } = (detail as { signals_data: { claim_check_key: string } }).signals_data;
    expect(Object.keys(JSON.parse(await byMap.store.get(key)))).toHaveLength(4);
  });

  it('that failed every time still ends the session with one event', async () => {
    const one = stage();
    const body = await settleAll(one);
    await createAggregatorFailed(one.conclude)(sqsEvent([{ body }]));
    await one.aggregator(sqsEvent([{ body }]));
    expect(one.put).toMatchObject([
      { detailType: 'WorkflowFailed', detail: { failure_reason: expect.stringMatching(/dead-letter/) } },
    ]);
  });

  it('that had sent its signal is not followed by a failure', async () => {
    const one = stage();
    const execution = { session, is_shadow: false, execution_id: 'e' };
    const results = tasksOf(session).map((task) => ({ dsl_file: task.dsl_file, answer: signalsOf(task) }));
    await one.aggregator({ ...execution, results });
    expect(await one.aggregator({ ...execution, failure: { error: 'States.Timeout' } })).toEqual({
      event: 'SignalGenerated',
    });
    expect(one.put).toHaveLength(1);
  });

  it('throws what may pass, so that it is tried again', async () => {
    const one = stage();
    const results = [{ dsl_file: 'a.clj', answer: { claim_check_key: 'nowhere' } }];
    const execution = { session, is_shadow: false, execution_id: 'e', results };
    await expect(one.aggregator(execution)).rejects.toThrow('no such object');
    expect(one.put).toEqual([]);
  });
});

describe('the starter', () => {
  function starter(USE_STEP_FUNCTIONS: string | undefined, refuses?: () => Error) {
    const one = stage();
    const started: string[] = [];
    const path = (name: string) => async () => {
      if (refuses) throw refuses();
      started.push(name);
      return name;
    };
    const handler = createSessionStarter({
      ...{ environment: { USE_STEP_FUNCTIONS }, conclude: one.conclude },
      ...{ byInvoke: path('invoke'), byStepFunctions: path('step-functions') },
    });
    return { handler, started, put: one.put };
  }

  it.each([
    [undefined, 'invoke'],
    ['false', 'invoke'],
    ['true', 'step-functions'],
  ])('takes the path of its environment: %s', async (value, path) => {
    const { handler, started } = starter(value);
    expect(await handler(session)).toMatchObject({ path });
    expect(started).toEqual([path]);
  });

  it.each<[string, string | undefined, object, RegExp]>([
    [
      'an environment',
      'yes',
      {},
      /^configuration error: USE_STEP_FUNCTIONS: expected true or false, got "yes"/,
    ],
    ['a session', 'false', { tolerated_failures: -1 }, /^configuration error: tolerated_failures: /],
  ])('tells of %s that is none, once, and starts nothing', async (_what, value, change, reason) => {
    const { handler, started, put } = starter(value);
    await handler({ ...session, ...change });
    await handler({ ...session, ...change });
    expect(started).toEqual([]);
    expect(put).toEqual([
      {
        detailType: 'WorkflowFailed',
        detail: {
          correlation_id: 'c-1',
          workflow_type: 'strategy_session',
          failure_reason: expect.stringMatching(reason),
          execution_id: 'session/c-1',
        },
      },
    ]);
  });

  it('throws what may pass, and tells of what will not', async () => {
    const throttled = starter('true', () => new Error('Rate exceeded'));
    await expect(throttled.handler(session)).rejects.toThrow('Rate exceeded');
    expect(throttled.put).toEqual([]);
    const unconfigured = starter('true', () => configurationError('no state machine'));
    expect(await unconfigured.handler(session)).toMatchObject({ path: 'none' });
    expect(unconfigured.put).toHaveLength(1);
  });

  it('refuses what does not even say which session it is', async () => {
    const { handler, put } = starter('false');
    await expect(handler({ strategies: [] })).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(put).toEqual([]);
  });
});
