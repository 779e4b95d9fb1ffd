import { createWorker, type Jobs, type LambdaHandler, type RetryPolicy, retry } from 'fanfold';
import { z } from 'zod';
import { fetchKey } from './fetchKey.js';

/** What to fetch. */
export const fetchRequestSchema = z.object({
  symbol: z.string().min(1).max(20),
  dataset: z.enum(['bars', 'quotes', 'trades']),
  from: z.iso.date(),
  to: z.iso.date(),
});

export type FetchRequest = z.infer<typeof fetchRequestSchema>;

/** What every identical request of a window is answered with. */
export interface Fetched {
  readonly fetched_at: string;
  readonly rows: number;
}

export interface DataFetchParts {
  readonly jobs: Pick<Jobs<FetchRequest, Fetched>, 'run'>;
  readonly fetchData: (request: FetchRequest, options: { readonly signal: AbortSignal }) => Promise<Fetched>;
  readonly windowMs: number;
  /** How long a request waits for an identical one that is under way. */
  readonly busyRetry: RetryPolicy;
  readonly now: () => number;
}

/**
 * The Lambda for data on demand: identical requests within a window are one fetch, whose result the others get. One that
 * comes while it is under way waits for it. Windows begin at fixed times: two requests on either side of an edge are two
 * fetches. IAM: the jobs' `dynamodb:` actions.
 */
export function createDataFetch(parts: DataFetchParts): LambdaHandler {
  const { jobs, fetchData, windowMs, busyRetry, now } = parts;
  return createWorker({
    input: fetchRequestSchema,
    directFailure: 'throw',
    async process(request, { signal }) {
      // Once for all tries: a request that waits stays in the window that it came in.
      const key = fetchKey(request, now(), windowMs);
      const fetch = () =>
        jobs.run<Fetched>(key, (context) => fetchData(request, { signal: context.signal }), {
          ...{ input: request, retryFailed: true, signal },
        });
      return retry(fetch, { ...busyRetry, errorEquals: ['JobBusy'] }, { signal });
    },
  });
}
