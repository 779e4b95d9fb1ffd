import { describe, expect, it } from 'vitest';
import {
  type CompletionSummary,
  createFanIn,
  type FanInStore,
  memoryFanInStore,
  type Outcome,
} from '../../src/aggregation/index.js';

const failed: Outcome<unknown> = {
  status: 'failed',
  error: { name: 'Error', message: 'broken', retryable: false },
};

/** A store that lets something happen just before the leaves are first read. */
function interruptedStore(interrupt: (store: FanInStore) => Promise<unknown>): FanInStore {
  const store = memoryFanInStore();
  let isInterrupted = false;
  return {
    ...store,
    async readLeaves(...args) {
      if (!isInterrupted) {
        isInterrupted = true;
        await interrupt(store);
      }
      return store.readLeaves(...args);
    },
  };
}

/** A publisher goes on, and its next item ends at once. */
async function growByOne(store: FanInStore): Promise<void> {
  const publisher = createFanIn({ store, leafSize: 2 });
  await publisher.allocate('a', 1, { key: 'second' });
  await store.addToLeaf('a', 0, { succeeded: [], failed: [1], timedOut: [], cancelled: [] }, 2, Date.now());
}

describe('counting a stream that grows meanwhile', () => {
  it('decides early with counts that add up', async () => {
    const summaries: CompletionSummary[] = [];
    const fanIn = createFanIn({
      store: interruptedStore(growByOne),
      leafSize: 2,
      onComplete: (summary) => summaries.push(summary),
    });
    await fanIn.open('a', { maxItems: 4, toleratedFailureCount: 0 });
    await fanIn.allocate('a', 1, { key: 'first' });
    await fanIn.settle('a', [{ index: 0, outcome: failed }]);
    expect(summaries).toMatchObject([{ counts: { expected: 2, failed: 2, notStarted: 0 } }]);
  });

  it('shows a status whose counts add up', async () => {
    const fanIn = createFanIn({ store: interruptedStore(growByOne), leafSize: 2 });
    await fanIn.open('a', { maxItems: 4 });
    await fanIn.allocate('a', 1, { key: 'first' });
    await fanIn.settle('a', [{ index: 0, outcome: failed }]);
    expect((await fanIn.status('a'))?.counts).toMatchObject({ expected: 2, failed: 2, notStarted: 0 });
  });
});
