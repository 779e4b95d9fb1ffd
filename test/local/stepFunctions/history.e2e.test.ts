import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../../src/local/index.js';
import { createHarness, invoke, single } from './harness.js';

describe('a Map', () => {
  let local: Local;
  beforeAll(async () => {
    local = await startLocal();
  });
  afterAll(() => local.stop());

  it('of 10,000 items outgrows the history, and fails as on AWS', async () => {
    let calls = 0;
    local.lambda.register('work', () => {
      calls += 1;
    });
    const harness = createHarness(local);
    const work = { Type: 'Task', Resource: invoke, Parameters: { FunctionName: 'work' }, End: true };
    const ItemProcessor = { StartAt: 'Work', States: { Work: work } };
    const machine = single({ Type: 'Map', ItemsPath: '$.items', MaxConcurrency: 40, ItemProcessor });
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const executionArn = await harness.start(await harness.register(machine), { items });
    expect(await harness.ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    const events = await harness.history(executionArn);
    expect(events).toHaveLength(25_000);
    expect(events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed', previousEventId: 24_999 });
    expect(calls).toBeLessThan(5_000);
  });
});
