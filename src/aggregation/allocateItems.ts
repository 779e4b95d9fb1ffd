import { expectId, expectInteger } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { FanfoldError } from '../errors.js';
import type { AllocatedRange } from './fanIn.js';
import { type FanInContext, readLiveMeta } from './fanInContext.js';
import type { Allocation, FanInMeta } from './fanInMeta.js';
import { growTree } from './growTree.js';

/**
 * Finishes the allocation that the root remembers: its nodes and the marker of its key. Only then may the root
 * forget it, because a repeat of that key must find its range, and a seal must find its nodes.
 */
export async function completeAllocation(context: FanInContext, meta: FanInMeta): Promise<void> {
  const { store, now } = context;
  const last = meta.lastAllocation;
  if (last === undefined) return;
  await growTree(context, meta, last.start, last.end);
  const name = { kind: 'allocation', key: last.key } as const;
  await store.keepRecord(
    meta.id,
    name,
    JSON.stringify({ start: last.start, end: last.end }),
    meta.expiresAt,
    now(),
  );
}

function expectRoom(meta: FanInMeta, count: number): void {
  if (meta.total !== undefined) {
    throw new FanfoldError(
      'FanInSealed',
      `fan-in ${JSON.stringify(meta.id)} is sealed at ${meta.total} items`,
    );
  }
  if (meta.allocated + count <= meta.maxItems) return;
  const message = `count: expected at most ${meta.maxItems - meta.allocated} more items (maxItems ${meta.maxItems}), got ${count}`;
  throw new FanfoldError('InvalidArgument', message);
}

/**
 * Hands out the next indices of a stream. The root remembers the last allocation and older ones have a marker each,
 * so a repeated key, or a call whose reply was lost, gets the range that it was given first: never a hole.
 */
export async function allocateItems(
  context: FanInContext,
  id: string,
  count: number,
  key: string = context.randomId(),
): Promise<AllocatedRange> {
  const { store, now } = context;
  expectId('id', id);
  expectInteger('count', count, 1, MAX_ITEMS);
  expectId('key', key);

  for (;;) {
    const meta = await readLiveMeta(context, id);
    const last = meta.lastAllocation;
    if (last?.key === key) {
      await growTree(context, meta, last.start, last.end);
      return { start: last.start, end: last.end };
    }
    const earlier = await store.readRecord(id, { kind: 'allocation', key }, now());
    if (earlier !== undefined) return JSON.parse(earlier) as AllocatedRange;

    expectRoom(meta, count);
    await completeAllocation(context, meta);
    const allocation: Allocation = { key, start: meta.allocated, end: meta.allocated + count };
    const { applied, current } = await store.changeMeta(
      id,
      { type: 'allocated', seen: meta, allocation },
      now(),
    );
    if (!applied || current === undefined) continue; // another allocation came first, or this one's reply was lost
    await growTree(context, current, allocation.start, allocation.end);
    return { start: allocation.start, end: allocation.end };
  }
}
