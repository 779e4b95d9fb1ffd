import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../examples/books/csv/book.js';
import { createFold } from '../../../../examples/books/dashboard/createFold.js';
import { SHOWN_FAILURES } from '../../../../examples/books/dashboard/dashboard.js';
import { dashboardPage } from '../../../../examples/books/dashboard/page.js';
import { merge } from '../../../../examples/books/merge.js';

const job = { id: 'job', completedAt: '2026-01-01T00:00:00.000Z', completionReason: 'ALL_COMPLETED' };
const timeline = { points: [{ atMs: 0, inFlight: 1, settled: 0 }], peak: 1, expected: 1, capacity: 1 };
const row = (title: string, extra = {}): Row => ({
  line: 2,
  book: { title, authors: ['A'], shelves: ['poetry'], ...extra },
});
const enrichment = { pages: 200, rating: 4, categories: ['Fiction'] };

describe('createFold', () => {
  it('counts every row once in decades and in genres, whatever is known of it', () => {
    const fold = createFold();
    fold.add({ index: 0, row: row('a', { year: 1999 }), enrichment });
    fold.add({ index: 1, row: row('b', { year: -441, shelves: [] }), enrichment });
    fold.add({ index: 2, row: { line: 4, problem: 'broken' }, reason: 'line 4: broken' });
    const dashboard = fold.finish(job);
    expect(dashboard).toMatchObject({ books: 3, enriched: 2, failed: 1, totalPages: 400 });
    expect(Object.entries(dashboard.decades)).toEqual([
      ['440s BCE', 1],
      ['1990s', 1],
      ['unknown', 1],
    ]);
    expect(dashboard.genres).toEqual({ fiction: 1, poetry: 1, unknown: 1 });
    expect(dashboard.failures).toEqual([{ index: 2, title: '(line 4)', reason: 'line 4: broken' }]);
  });

  it('believes the file before the API', () => {
    const fold = createFold();
    fold.add({ index: 0, row: row('a', { pages: 700, averageRating: 3 }), enrichment });
    expect(fold.finish(job)).toMatchObject({ averageRating: 3, totalPages: 700 });
  });

  it('shows a thousand failures at most and counts them all', () => {
    const fold = createFold();
    for (let index = 0; index < SHOWN_FAILURES + 5; index += 1)
      fold.add({ index, row: row('a'), reason: 'no' });
    const dashboard = fold.finish(job);
    expect(dashboard.failures).toHaveLength(SHOWN_FAILURES);
    expect(dashboard.failed).toBe(SHOWN_FAILURES + 5);
    expect(dashboardPage(dashboard, timeline)).toContain('and 5 more');
  });

  it('gives an empty dashboard for nothing', () => {
    expect(createFold().finish(job)).toMatchObject({ books: 0, averageRating: 0, decades: {}, topRated: [] });
  });
});

describe('dashboardPage', () => {
  it('lets nothing of the file through as markup, runs no script and requests nothing', () => {
    const fold = createFold();
    const evil = '<script src="https://example.com/x.js"></script>';
    fold.add({ index: 0, row: row(evil, { authors: [evil], shelves: [evil] }), enrichment });
    fold.add({ index: 1, row: row(`"><img src=x onerror=1>`), reason: evil });
    const page = dashboardPage(fold.finish({ ...job, id: evil }), timeline);
    expect(page).not.toMatch(/<script|<img|<link|@import|url\((?!#)/i);
    expect(page.match(/(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(page.match(/<svg/g)).toHaveLength(5);
  });
});

describe('merge', () => {
  async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
    yield* values;
  }

  it('puts each row beside its result, and says so where there is none', async () => {
    const error = { name: 'E', message: 'no luck', retryable: false };
    const results = [
      { index: 0, outcome: { status: 'succeeded', value: enrichment } },
      { index: 2, outcome: { status: 'failed', error } },
    ] as const;
    const merged = [];
    for await (const one of merge(each([row('a'), row('b'), row('c')]), each(results))) merged.push(one);
    expect(merged).toEqual([
      { index: 0, row: row('a'), enrichment },
      { index: 1, row: row('b'), reason: 'it has no result' },
      { index: 2, row: row('c'), reason: 'no luck' },
    ]);
  });
});
