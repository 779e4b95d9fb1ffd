import type { SettleEntry } from 'fanfold';
import type { Row } from './csv/book.js';
import type { MergedRow } from './dashboard/createFold.js';
import type { Enrichment } from './enrich.js';

/**
 * Puts each row of the file beside its item's result. Both come in the order of their indices, so that one of each is
 * in memory at a time, however long the file is.
 */
export async function* merge(
  rows: AsyncIterable<Row>,
  results: AsyncIterable<SettleEntry<Enrichment>>,
): AsyncGenerator<MergedRow> {
  const entries = results[Symbol.asyncIterator]();
  try {
    let entry = await entries.next();
    let index = 0;
    for await (const row of rows) {
      while (!entry.done && entry.value.index < index) entry = await entries.next();
      const outcome = entry.done || entry.value.index !== index ? undefined : entry.value.outcome;
      if (outcome?.status === 'succeeded') yield { index, row, enrichment: outcome.value };
      else yield { index, row, reason: outcome?.error.message ?? 'it has no result' };
      index += 1;
    }
  } finally {
    await entries.return?.();
  }
}
