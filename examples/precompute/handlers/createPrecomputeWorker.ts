import {
  createWorker,
  type FanIn,
  type ItemOutcome,
  type Jobs,
  type LambdaHandler,
  type RetryPolicy,
  retry,
  type Semaphore,
} from 'fanfold';
import { type Answer, jobIdOf, type Work, workSchema } from './messages.js';

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface PrecomputeWorkerParts {
  /** Records that live for 24 hours: `createJobs({ store, ttlSeconds: 86_400 })`. */
  readonly jobs: Pick<Jobs<Work, Answer>, 'run'>;
  /** Asks the quotes API. What it throws says whether trying again can help. */
  readonly fetchQuote: (ticker: string, options: CallOptions) => Promise<number>;
  /** Writes to the database, on a connection of its own. */
  readonly saveQuote: (ticker: string, quote: number, options: CallOptions) => Promise<void>;
  /** As many slots as the database takes connections. Without it every worker opens one. */
  readonly connections: Pick<Semaphore, 'withSlot'> | undefined;
  readonly fanIn: FanIn<Answer>;
  /** How long to wait before an API that throttles is asked again. */
  readonly backoff: RetryPolicy;
  /** That of the queue's redrive policy. */
  readonly maxReceiveCount: number;
}

/** How long a worker waits for a connection, in ms: well within the function's timeout. */
const CONNECTION_WAIT_MS = 20_000;

function toAnswer({ status, ...outcome }: ItemOutcome<unknown, Answer>): Answer {
  if (status === 'succeeded' && 'value' in outcome) return outcome.value;
  const { ticker } = (outcome.input ?? {}) as { readonly ticker?: unknown };
  return {
    ticker: typeof ticker === 'string' ? ticker : '',
    status: 'failed',
    pdf_s3_key: null,
    error: 'error' in outcome ? outcome.error.message : '',
  };
}

/**
 * The Lambda behind both doors: takes SQS records, and the payload of a direct call, which it answers. The job's record
 * is made whole, with all its fields, in one conditional write; a finished job gives its stored answer.
 *
 * IAM, called directly: `dynamodb:GetItem`, `PutItem`, `UpdateItem` on the table. By SQS besides: the receiving actions
 * on the queue, `dynamodb:BatchGetItem`, `Query`, `states:SendTaskSuccess`, `SendTaskFailure`, `SendTaskHeartbeat`.
 */
export function createPrecomputeWorker(parts: PrecomputeWorkerParts): LambdaHandler {
  const { jobs, fetchQuote, saveQuote, connections, fanIn, backoff, maxReceiveCount } = parts;

  async function precompute({ ticker }: Work, holder: string, signal: AbortSignal): Promise<Answer> {
    const quote = await retry(() => fetchQuote(ticker, { signal }), backoff, { signal });
    // Only around the query: a slot that is held while an API is waited for is a connection that is not used.
    if (connections === undefined) await saveQuote(ticker, quote, { signal });
    else {
      const waiting = { waitMs: CONNECTION_WAIT_MS, signal };
      await connections.withSlot(holder, (slot) => saveQuote(ticker, quote, slot), waiting);
    }
    return { ticker, status: 'success', pdf_s3_key: null, error: '' };
  }

  return createWorker({
    input: workSchema,
    process(work, { signal }) {
      const id = jobIdOf(work);
      const options = { input: work, retryFailed: true, signal };
      return jobs.run(id, (job) => precompute(job.input, id, job.signal), options);
    },
    respond: (outcomes) => {
      const answers = outcomes.map(toAnswer);
      return answers.length === 1 ? answers[0] : answers;
    },
    fanIn,
    maxReceiveCount,
  });
}
