import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiFault } from '../../../examples/books/api/apiFault.js';
import { startApiProcess } from '../../../examples/books/api/startApiProcess.js';
import { type BooksApi, startBooksApi } from '../../../examples/books/api/startBooksApi.js';
import { enrich } from '../../../examples/books/enrich.js';

const { signal } = new AbortController();
const book = (title: string) => ({ title, authors: ['Somebody'], shelves: [] });
/** Starts the API as `runJob` does, and goes on. */
const START = `
  import { startApiProcess } from './examples/books/api/startApiProcess.ts';
  const { url } = await startApiProcess({ latencyMs: 0, seed: 1, faults: false });
  process.stdout.write(url);
`;
const titles = Array.from({ length: 20_000 }, (_, index) => `Book ${index}`);

describe('apiFault', () => {
  it('fails about 2 % of the requests and throttles about 0.5 %, by seed, title and attempt alone', () => {
    const statuses = titles.map((title) => apiFault(1, title, 1)?.status);
    const share = (status: number) => statuses.filter((found) => found === status).length / titles.length;
    expect(share(503)).toBeCloseTo(0.02, 2);
    expect(share(429)).toBeCloseTo(0.005, 2);
    expect(titles.map((title) => apiFault(1, title, 1)?.status)).toEqual(statuses);
    expect(titles.map((title) => apiFault(2, title, 1)?.status)).not.toEqual(statuses);
  });

  it('throttles one title at first, whatever the seed', () => {
    for (const seed of [1, 2, 3]) {
      expect(apiFault(seed, 'Dune Messiah', 1)?.status).toBe(429);
      expect(apiFault(seed, 'Dune Messiah', 3)).toBeUndefined();
    }
  });

  it('never fails transiently for longer than two attempts', () => {
    expect(titles.filter((title) => apiFault(1, title, 3))).toEqual([]);
  });
});

describe('the local books API', () => {
  let api: BooksApi | undefined;
  afterEach(() => api?.stop());
  const start = async (faults: boolean) => {
    api = await startBooksApi({ latencyMs: 0, seed: 1, faults });
    return api;
  };

  it('answers in the shape of Google Books, the same every time', async () => {
    const { url } = await start(false);
    const ask = async () => (await fetch(`${url}/books/v1/volumes?q=intitle:"Dune"`)).json();
    expect(await ask()).toMatchObject({
      kind: 'books#volumes',
      totalItems: 1,
      items: [{ volumeInfo: { title: 'Dune' } }],
    });
    expect(await ask()).toEqual(await ask());
  });

  it('refuses a request that is none of its own', async () => {
    const { url } = await start(false);
    expect((await fetch(`${url}/books/v1/volumes`)).status).toBe(400);
    expect((await fetch(`${url}/elsewhere?q=intitle:"Dune"`)).status).toBe(400);
  });

  it('cures every transient fault within one call of enrich', async () => {
    const { url, faults } = await start(true);
    const unlucky = titles.filter((title) => apiFault(1, title, 1) && apiFault(1, title, 2)).slice(0, 3);
    expect(unlucky).toHaveLength(3);
    for (const title of unlucky) expect(await enrich(url, book(title), signal)).toHaveProperty('pages');
    expect(faults[503] + faults[429]).toBe(6);
  });

  it('fails a few titles for ever: one for good, the others so that the queue tries again', async () => {
    const { url } = await start(true);
    await expect(enrich(url, book('Moby-Dick'), signal)).rejects.toMatchObject({
      code: 'BackendError',
      retryable: true,
    });
    await expect(enrich(url, book('The Man Without Qualities'), signal)).rejects.toMatchObject({
      retryable: false,
    });
  });

  it('fails none of them without faults', async () => {
    const { url } = await start(false);
    expect(await enrich(url, book('Moby-Dick'), signal)).toHaveProperty('rating');
  });
});

describe('the process of the books API', () => {
  it('answers, and tells how often it answered badly', async () => {
    const api = await startApiProcess({ latencyMs: 0, seed: 1, faults: true });
    try {
      await expect(enrich(api.url, book('Moby-Dick'), signal)).rejects.toMatchObject({
        code: 'BackendError',
      });
      expect(await enrich(api.url, book('Dune'), signal)).toHaveProperty('pages');
      expect(await api.faults()).toMatchObject({ 404: 0, 500: 1 });
    } finally {
      await api.stop();
    }
    await expect(enrich(api.url, book('Dune'), signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(api.faults()).rejects.toThrow('the process of the books API has ended');
  });

  it('ends with the process that started it, even if that is killed', async () => {
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', START], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [url] = await once(starter.stdout, 'data');
      expect(await enrich(String(url), book('Dune'), signal)).toHaveProperty('pages');
      starter.kill('SIGKILL');
      await vi.waitFor(() =>
        expect(enrich(String(url), book('Dune'), signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' }),
      );
    } finally {
      starter.kill('SIGKILL');
    }
  });
});
