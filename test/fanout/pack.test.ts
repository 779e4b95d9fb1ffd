import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack } from '../../src/fanout/index.js';

async function* stream<T>(items: Iterable<T>) {
  yield* items;
}

describe('pack', () => {
  it.each([
    ['items', 5, {}],
    ['maxCount', [], { maxCount: 0 }],
    ['maxBytes', [], { maxBytes: 1.5, sizeOf: () => 1 }],
    ['sizeOf', [], { maxBytes: 1 }],
  ])('refuses a bad %s at the call', (field, items, options) => {
    expect(() => pack(items as never, options as never)).toThrow(`${field}:`);
  });

  it('refuses a size that is no number', () => {
    expect(() => [...pack([1], { maxBytes: 5, sizeOf: () => Number.NaN })]).toThrow('sizeOf(item):');
  });

  it('gives nothing for nothing', () => {
    expect([...pack([], { maxCount: 3 })]).toEqual([]);
  });

  it('gives an item that is too large a pack of its own', () => {
    expect([...pack([1, 9, 1, 1], { maxBytes: 5, sizeOf: (size) => size })]).toEqual([[1], [9], [1, 1]]);
  });

  it('gives a pack that is full by count before it asks for the next item', () => {
    let read = 0;
    function* items() {
      for (;;) yield read++;
    }
    const packs = pack(items(), { maxCount: 3 });
    expect(packs.next().value).toEqual([0, 1, 2]);
    expect(read).toBe(3);
    packs.return();
  });

  it('closes the source of whoever stops early', () => {
    let closed = false;
    function* items() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    }
    for (const _ of pack(items(), { maxCount: 2 })) break;
    expect(closed).toBe(true);
  });

  it('loses nothing, keeps the order and the limits, and fills what it can, sync or async', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 10 }),
        async (items, maxCount, maxBytes) => {
          const options = { maxCount, maxBytes, sizeOf: (size: number) => size };
          const packs = [...pack(items, options)];
          expect(packs.flat()).toEqual(items);
          const bytesOf = (of: number[]): number => of.reduce((sum, size) => sum + size, 0);
          for (const [position, one] of packs.entries()) {
            expect(one.length).toBeGreaterThan(0);
            expect(one.length).toBeLessThanOrEqual(maxCount);
            expect(bytesOf(one) <= maxBytes || one.length === 1).toBe(true);
            const following = packs[position + 1]?.[0];
            if (following !== undefined && one.length < maxCount) {
              expect(bytesOf(one) + following).toBeGreaterThan(maxBytes);
            }
          }
          const fromStream: number[][] = [];
          for await (const one of pack(stream(items), options)) fromStream.push(one);
          expect(fromStream).toEqual(packs);
        },
      ),
    );
  });
});
