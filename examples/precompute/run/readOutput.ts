import { z } from 'zod';
import type { TickerItem } from '../tickers.js';
import type { WayResult } from './result.js';

const answerSchema = z.strictObject({
  ticker: z.string(),
  status: z.enum(['success', 'failed']),
  pdf_s3_key: z.string().nullable(),
  error: z.string(),
});
const mapOutputSchema = z.object({
  results: z.array(z.object({ worker_result: z.object({ Payload: answerSchema }) })),
  verdict: z.string(),
});
const sqsOutputSchema = z.object({
  job: z.object({
    counts: z.object({ succeeded: z.number(), failed: z.number() }),
    failures: z.array(z.object({ index: z.number(), error: z.string() })),
  }),
  verdict: z.string(),
});

/** What an execution's own output says. */
export type Told = Pick<WayResult, 'succeeded' | 'failed' | 'failures' | 'verdict'>;

const nothing: Told = { succeeded: 0, failed: 0, failures: [], verdict: '' };

/** Reads `.results[].worker_result.Payload`. */
export function readMapOutput(output: unknown): Told {
  if (output === undefined) return nothing;
  const { results, verdict } = mapOutputSchema.parse(output);
  const failures = results.flatMap(({ worker_result: { Payload } }) =>
    Payload.status === 'failed' ? [{ ticker: Payload.ticker, error: Payload.error }] : [],
  );
  return { succeeded: results.length - failures.length, failed: failures.length, failures, verdict };
}

/** Reads `.job`, which the fan-in's completion wrote. */
export function readSqsOutput(output: unknown, tickers: readonly TickerItem[]): Told {
  if (output === undefined) return nothing;
  const { job, verdict } = sqsOutputSchema.parse(output);
  const failures = job.failures.map(({ index, error }) => ({ ticker: tickers[index]?.ticker ?? '', error }));
  return { succeeded: job.counts.succeeded, failed: job.counts.failed, failures, verdict };
}
