import fc from 'fast-check';
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
import { type Fault, faultyStore } from './faultyStore.js';

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

describe('a fan-in that is opened with one token after another, over a store that fails', () => {
  it('has told the latest token, whatever failed in between, once everyone has tried until it worked', async () => {
    const fault = fc.constantFrom<Fault>('ok', 'ok', 'ok', 'failed', 'lost', 'repeated');
    const step = fc.constantFrom<'open' | 'settle' | 'forget'>('open', 'settle', 'forget');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 40 }),
        fc.array(step, { maxLength: 8 }),
        fc.boolean(),
        async (faults, steps, atOnce) => {
          const tokens: (string | undefined)[] = [];
          const next = faults.values();
          const store = faultyStore(memoryFanInStore(), () => next.next().value ?? 'ok');
          const onComplete: OnComplete = (_summary, { taskToken }) => void tokens.push(taskToken);
          const fanIn = createFanIn({ store, onComplete, leaseMs: 1 });
          let token = 'token 0';
          const until = async (call: () => Promise<unknown>): Promise<void> => {
            for (;;) {
              const done = await call().then(
                () => true,
                () => false,
              );
              if (done) return;
              // A lease whose reply was lost runs out by the clock.
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
          };
          const open = (taskToken: string) => fanIn.open('a', { total: 1, taskToken });
          await until(() => open(token));
          const settling = atOnce ? until(() => fanIn.settle('a', [entry(0)])) : undefined;
          for (const [i, kind] of steps.entries()) {
            if (kind === 'settle') await until(() => fanIn.settle('a', [entry(0)]));
            else {
              token = `token ${i + 1}`;
              const latest = token;
              if (kind === 'open') await until(() => open(latest));
              // Its opener dies after one try; whoever settles later goes on.
              else await open(latest).catch(() => undefined);
            }
          }
          await settling;
          await until(() => open(token));
          await until(() => fanIn.settle('a', [entry(0)]));
          expect(await fanIn.status('a')).toMatchObject({ state: 'delivered', delivery: 'confirmed' });
          expect(tokens).toContain(token);
          const before = tokens.length;
          await fanIn.settle('a', [entry(0)]);
          await open(token);
          expect(tokens).toHaveLength(before);
        },
      ),
      { numRuns: 300 },
    );
  });
});
