import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { createFetchFunction } from '../deploy.js';
import type { FetchRequest } from '../fetch/createDataFetch.js';
import type { FetchResult } from './result.js';
import { startStage } from './startStage.js';

const WINDOW_MS = 300_000;
const FETCH_MS = 200;

const request: FetchRequest = { symbol: 'AAPL', dataset: 'bars', from: '2026-11-01', to: '2026-11-25' };

/** Asks for the same data many times at once, then for other data, then in the next window. */
export async function showFetch(requests: number): Promise<FetchResult> {
  const stage = await startStage();
  const { local, lambda, stores } = stage;
  try {
    let fetches = 0;
    // A clock that begins a window now: an edge in the middle of the crowd would rightly make two fetches of it.
    const startedAt = Date.now();
    let later = 0;
    const handler = createFetchFunction(stores, {
      async fetchData({ symbol }) {
        fetches += 1;
        await pause(FETCH_MS);
        return { fetched_at: `${symbol} ${fetches}`, rows: 390 };
      },
      windowMs: WINDOW_MS,
      now: () => Date.now() - startedAt + later,
    });
    local.lambda.register('fetch', handler, { timeoutMs: 60_000 });
    const ask = async (payload: object) => {
      const command = new InvokeCommand({ FunctionName: 'fetch', Payload: JSON.stringify(payload) });
      const { Payload, FunctionError } = await lambda.send(command);
      if (FunctionError !== undefined) throw new Error(`fetch: ${Buffer.from(Payload ?? []).toString()}`);
      return Buffer.from(Payload ?? []).toString();
    };
    const { symbol, ...others } = request;
    // The same request, whatever the order of its fields.
    const asked = Array.from({ length: requests }, (_, at) =>
      ask(at % 2 === 0 ? request : { ...others, symbol }),
    );
    const answers = new Set(await Promise.all(asked));
    const fetched = fetches;
    await ask({ ...request, symbol: 'MSFT' });
    const ofAnother = fetches - fetched;
    later = WINDOW_MS;
    await ask(request);
    const inTheNextWindow = fetches - fetched - ofAnother;
    return { requests, fetches: fetched, differentAnswers: answers.size, ofAnother, inTheNextWindow };
  } finally {
    await stage.stop();
  }
}
