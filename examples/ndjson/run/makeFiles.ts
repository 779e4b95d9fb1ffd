import { createRandom } from '../../createRandom.js';
import type { SourceFile } from './sourceFile.js';

const SMALL_ROWS = 12;
const LARGE_ROWS = 120;

function makeRow(id: number, random: () => number): object {
  return {
    id,
    at: new Date(1_700_000_000_000 + id * 1_000).toISOString(),
    amount: Math.round(random() * 10_000) / 100,
    active: random() < 0.5,
    // Not in every row, and not always of one type: such a column becomes JSON.
    ...(random() < 0.3 ? { note: random() < 0.5 ? 'a note' : { text: 'a note', stars: 5 } } : {}),
  };
}

/** Files of different sizes: many small ones, which fill a manifest by their number, then larger ones, which fill it by bytes. */
export function makeFiles(count: number, seed: number): SourceFile[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const rows = 1 + Math.floor(random() * (index < count / 2 ? SMALL_ROWS : LARGE_ROWS));
    const lines = Array.from({ length: rows }, (_, row) =>
      JSON.stringify(makeRow(index * 1_000 + row, random)),
    );
    const body = `${lines.join('\n')}\n`;
    // A space, a plus and a letter that S3 encodes in its notifications.
    const key = `incoming/day 1+/caf\u00e9-${String(index).padStart(5, '0')}.ndjson`;
    return { key, size: Buffer.byteLength(body), rows, upload: (store) => store.put(key, body) };
  });
}
