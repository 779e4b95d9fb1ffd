import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanes } from '../../src/fanout/lanes.js';

const message = (group: string | undefined, id: number, bytes = 1) => ({ group, id, bytes });

describe('createLanes', () => {
  it('gives no second message of a group before the first is released', () => {
    const lanes = createLanes<ReturnType<typeof message>>({
      maxEntries: 10,
      maxBytes: 100,
      batchGroups: false,
    });
    for (const id of [1, 2]) lanes.add(message('a', id));
    lanes.fill();
    const [first] = lanes.launch();
    expect(first?.id).toBe(1);
    expect(lanes.fill()).toBe('empty');
    expect(lanes.waiting()).toBe(1);
    if (first !== undefined) lanes.release(first);
    expect(lanes.fill()).toBe('partial');
    expect(lanes.launch().map(({ id }) => id)).toEqual([2]);
  });

  it('fills a call past a message that is too large for the rest of it, which then opens the next', () => {
    const lanes = createLanes<ReturnType<typeof message>>({
      maxEntries: 10,
      maxBytes: 10,
      batchGroups: false,
    });
    for (const [id, bytes] of [6, 7, 1, 3].entries()) lanes.add(message(undefined, id, bytes));
    expect(lanes.fill()).toBe('partial');
    expect(lanes.launch().map(({ id }) => id)).toEqual([0, 2, 3]);
    lanes.fill();
    expect(lanes.launch().map(({ id }) => id)).toEqual([1]);
  });

  it('never fills a call past a message of the same group', () => {
    const lanes = createLanes<ReturnType<typeof message>>({
      maxEntries: 10,
      maxBytes: 10,
      batchGroups: true,
    });
    for (const [id, bytes] of [6, 7, 1].entries()) lanes.add(message('a', id, bytes));
    lanes.fill();
    expect(lanes.launch().map(({ id }) => id)).toEqual([0]);
  });

  it('looks past so many messages and no more, so that a call does not wait for ever to be filled', () => {
    const lanes = createLanes<ReturnType<typeof message>>({
      maxEntries: 10,
      maxBytes: 10,
      batchGroups: false,
    });
    lanes.add(message(undefined, 0, 6));
    for (let id = 1; id <= 32; id++) lanes.add(message(undefined, id, 5));
    expect(lanes.fill()).toBe('partial');
    lanes.add(message(undefined, 33, 5));
    expect(lanes.fill()).toBe('full');
  });

  it('keeps every group in order and loses nothing, in whatever order calls are settled', () => {
    const messages = fc.array(
      fc.record({ group: fc.constantFrom('a', 'b', 'c', undefined), bytes: fc.integer({ min: 1, max: 9 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(messages, fc.boolean(), fc.infiniteStream(fc.nat(9)), (given, batchGroups, choices) => {
        const lanes = createLanes<ReturnType<typeof message>>({ maxEntries: 4, maxBytes: 12, batchGroups });
        const all = given.map(({ group, bytes }, id) => message(group, id, bytes));
        const sent: (typeof all)[number][] = [];
        let flying: (typeof all)[] = [];
        const choose = (): number => choices.next().value ?? 0;
        for (let next = 0; sent.length < all.length || flying.length > 0; ) {
          const coming = all[next];
          if (coming !== undefined && choose() < 6) {
            lanes.add(coming);
            next++;
          }
          lanes.fill();
          if (choose() < 4 || coming === undefined) {
            const call = lanes.launch();
            if (call.length > 0) flying.push(call);
            sent.push(...call);
            expect(call.length).toBeLessThanOrEqual(4);
            expect(call.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(12);
          }
          const groups = flying.flatMap((call) =>
            [...new Set(call.map(({ group }) => group))].filter(Boolean),
          );
          expect(new Set(groups).size).toBe(groups.length);
          const settled = flying[choose() % Math.max(flying.length, 1)];
          if (settled !== undefined) for (const one of settled) lanes.release(one);
          flying = flying.filter((call) => call !== settled);
        }
        expect(new Set(sent).size).toBe(all.length);
        for (const group of ['a', 'b', 'c']) {
          const ids = sent.filter((one) => one.group === group).map(({ id }) => id);
          expect(ids).toEqual([...ids].sort((a, b) => a - b));
        }
      }),
    );
  });
});
