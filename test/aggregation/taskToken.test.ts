import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CompletionSummary,
  createFanIn,
  dynamoFanInStore,
  type FanInOptions,
  memoryFanInStore,
  type OnComplete,
} from '../../src/aggregation/index.js';
import { startTable, type TestTable } from '../startTable.js';
import { entry } from './fanInOutcomes.js';
import { faultyStore } from './faultyStore.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

/** A fan-in that keeps which token was told what. */
function told(options: FanInOptions, before?: (token: string | undefined) => Promise<void> | undefined) {
  const tokens: (string | undefined)[] = [];
  const summaries: CompletionSummary[] = [];
  const onComplete: OnComplete = async (summary, { taskToken }) => {
    await before?.(taskToken);
    tokens.push(taskToken);
    summaries.push(summary);
  };
  return { tokens, summaries, fanIn: createFanIn({ onComplete, ...options }) };
}

describe.each([
  ['memory', memoryFanInStore],
  ['DynamoDB', () => dynamoFanInStore(table)],
])('a fan-in in %s that is opened again with another task token', (_name, getStore) => {
  const id = () => `retried ${Math.random()}`;

  it('tells the latest token only, while it is undelivered', async () => {
    const a = id();
    const { fanIn, tokens } = told({ store: getStore() });
    await fanIn.open(a, { total: 1, taskToken: 'first', metadata: { k: 1 } });
    const again = await fanIn.open(a, { total: 1, taskToken: 'second', metadata: { k: 2 } });
    expect(again).toMatchObject({ state: 'open', metadata: { k: 1 } });
    await fanIn.settle(a, [entry(0)]);
    expect(tokens).toEqual(['second']);
  });

  it('keeps its token when it is opened again without one', async () => {
    const a = id();
    const { fanIn, tokens } = told({ store: getStore() });
    await fanIn.open(a, { total: 1, taskToken: 'first' });
    await fanIn.open(a, { total: 1 });
    await fanIn.settle(a, [entry(0)]);
    expect(tokens).toEqual(['first']);
  });

  it('tells the new token at once of a job that is over, under the same delivery id, and each token once', async () => {
    const a = id();
    const { fanIn, tokens, summaries } = told({ store: getStore() });
    await fanIn.open(a, { total: 1, taskToken: 'first' });
    await fanIn.settle(a, [entry(0)]);
    await fanIn.open(a, { total: 1, taskToken: 'first' });
    expect(tokens).toEqual(['first']);
    expect(await fanIn.open(a, { total: 1, taskToken: 'second' })).toMatchObject({ state: 'delivered' });
    await fanIn.open(a, { total: 1, taskToken: 'second' });
    expect(tokens).toEqual(['first', 'second']);
    expect(summaries[1]).toEqual(summaries[0]);
  });

  it('lets a delivery to the old token finish nothing: the new one is told, at once', async () => {
    const a = id();
    const store = getStore();
    let reached = (): void => undefined;
    const isDelivering = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = told({ store }, (token) => {
      if (token !== 'first') return undefined;
      reached();
      return held;
    });
    await slow.fanIn.open(a, { total: 1, taskToken: 'first' });
    const settling = slow.fanIn.settle(a, [entry(0)]);
    await isDelivering;

    const quick = told({ store });
    expect(await quick.fanIn.open(a, { total: 1, taskToken: 'second' })).toMatchObject({
      state: 'delivered',
    });
    expect(quick.tokens).toEqual(['second']);
    release();
    expect(await settling).toMatchObject({ state: 'delivered' });
    expect(await slow.fanIn.settle(a, [entry(0)])).toMatchObject({ state: 'delivered' });
    expect(slow.tokens).toEqual(['first']);
  });

  it('makes who delivered to the old token come back where the new one is not told yet', async () => {
    const a = id();
    const store = getStore();
    const silent = createFanIn({ store });
    const { fanIn, tokens } = told({ store }, async (token) => {
      if (token === 'first') await silent.open(a, { total: 1, taskToken: 'second' });
    });
    await fanIn.open(a, { total: 1, taskToken: 'first' });
    await expect(fanIn.settle(a, [entry(0)])).rejects.toMatchObject({
      code: 'DeliveryInProgress',
      retryable: true,
    });
    expect(await fanIn.settle(a, [entry(0)])).toMatchObject({ state: 'delivered' });
    expect(tokens).toEqual(['first', 'second']);
  });

  it('is told although its opener died between the token and the root', async () => {
    const a = id();
    const store = getStore();
    const dying = createFanIn({
      store: faultyStore(store, (method) => (method === 'changeMeta' ? 'failed' : 'ok')),
    });
    const failing = told({ store }, async (token) => {
      if (token === 'first') throw new Error('no such task');
    });
    await failing.fanIn.open(a, { total: 1, taskToken: 'first' });
    await expect(failing.fanIn.settle(a, [entry(0)])).rejects.toMatchObject({ code: 'DeliveryFailed' });
    await expect(dying.open(a, { total: 1, taskToken: 'second' })).rejects.toThrow('changeMeta failed');
    expect(await failing.fanIn.settle(a, [entry(0)])).toMatchObject({ state: 'delivered' });
    expect(failing.tokens).toEqual(['second']);
  });
});
