import { z } from 'zod';

/** One ticker's work, the same in an SQS body and in a direct payload. */
export const workSchema = z.object({
  ticker: z.string().min(1),
  execution_id: z.string().min(1),
  source: z.string().min(1),
});
export type Work = z.infer<typeof workSchema>;

/** What the state machine hands to the orchestrator. */
export const fanOutSchema = z.object({
  tickers: z.array(z.object({ ticker: z.string().min(1) })),
  execution_id: z.string().min(1),
  source: z.string().min(1),
});

/** What a direct call is answered with, and what the job record keeps. */
export interface Answer {
  readonly ticker: string;
  readonly status: 'success' | 'failed';
  readonly pdf_s3_key: string | null;
  readonly error: string;
}

/** One job for each ticker of an execution, whichever way and however often it is delivered. */
export const jobIdOf = ({ execution_id, ticker }: Pick<Work, 'execution_id' | 'ticker'>): string =>
  `${execution_id}/${ticker}`;
