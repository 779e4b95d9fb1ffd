import {
  createFanIn,
  createJobs,
  createSemaphore,
  FanfoldError,
  memoryFanInStore,
  memoryJobStore,
  memorySemaphoreStore,
  NonRetryableError,
} from 'fanfold';
import { describe, expect, it } from 'vitest';
import {
  createPrecomputeWorker,
  type PrecomputeWorkerParts,
} from '../../../examples/precompute/handlers/createPrecomputeWorker.js';
import type { Answer, Work } from '../../../examples/precompute/handlers/messages.js';
import { createDatabase } from '../../../examples/precompute/run/createDatabase.js';
import { listTickers } from '../../../examples/precompute/tickers.js';

const execution_id = 'run-1';
const source = 'step_functions_precompute';
const payload = (ticker: string) => ({ ticker, execution_id, source });
const records = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:tickers',
    awsRegion: 'us-east-1',
  })),
});

function setUp(parts: Partial<PrecomputeWorkerParts> = {}) {
  const jobs = createJobs<Work, Answer>({ store: memoryJobStore(), ttlSeconds: 86_400 });
  const asked: string[] = [];
  const worker = createPrecomputeWorker({
    jobs,
    fetchQuote: async (ticker) => {
      asked.push(ticker);
      if (ticker === 'REVOKED') throw new NonRetryableError('401', { code: 'Unauthorized' });
      if (ticker === 'BUSY' && asked.length < 3)
        throw new FanfoldError('Throttled', '429', { retryable: true });
      return 1;
    },
    saveQuote: async () => {},
    connections: undefined,
    fanIn: createFanIn<Answer>({ store: memoryFanInStore() }),
    backoff: { errorEquals: ['Throttled'], intervalSeconds: 0.001, maxAttempts: 3 },
    maxReceiveCount: 3,
    ...parts,
  });
  return { worker, jobs, asked };
}

const good = (ticker: string): Answer => ({ ticker, status: 'success', pdf_s3_key: null, error: '' });

describe('the precompute worker', () => {
  it('asks again after a 429, and not after a 401, which it answers with its reason', async () => {
    const { worker, asked } = setUp();
    expect(await worker(payload('BUSY'))).toEqual(good('BUSY'));
    expect(asked).toEqual(['BUSY', 'BUSY', 'BUSY']);
    expect(await worker(payload('REVOKED'))).toEqual({
      ticker: 'REVOKED',
      status: 'failed',
      pdf_s3_key: null,
      error: '401',
    });
    expect(asked.slice(3)).toEqual(['REVOKED']);
  });

  it('refuses what has no ticker, in the same shape, and makes no half-written record of it', async () => {
    const { worker, jobs } = setUp();
    expect(await worker({ execution_id, source })).toEqual({
      ticker: '',
      status: 'failed',
      pdf_s3_key: null,
      error: expect.stringContaining('ticker'),
    });
    expect(await jobs.stats()).toEqual({ pending: 0, inProgress: 0, succeeded: 0, failed: 0 });
  });

  it('answers a direct call, one by Step Functions, and SQS records, each in its own way', async () => {
    const { worker } = setUp();
    expect(await worker(payload('AMZN'))).toEqual(good('AMZN'));
    const stepFunctions = { executionId: 'arn:aws:states:us-east-1:000000000000:execution:precompute:run-1' };
    expect(await worker({ stepFunctions, ...payload('KO') })).toEqual(good('KO'));
    expect(await worker(records(payload('PG'), payload('REVOKED')))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
  });

  it('makes the record whole, for 24 hours, and does not reset it when the ticker comes again', async () => {
    const { worker, jobs, asked } = setUp();
    await worker(payload('AMZN'));
    const before = await jobs.get('run-1/AMZN');
    expect(before).toMatchObject({ state: 'succeeded', attempt: 1, input: payload('AMZN') });
    const lifetime = (before?.expiresAt ?? 0) - (before?.updatedAt ?? 0);
    expect(Math.abs(lifetime - 86_400_000)).toBeLessThan(1_000);
    expect(await worker({ ...payload('AMZN'), source: 'somebody else' })).toEqual(good('AMZN'));
    expect(await worker(records(payload('AMZN')))).toEqual({ batchItemFailures: [] });
    expect(await jobs.get('run-1/AMZN')).toEqual(before);
    expect(asked).toEqual(['AMZN']);
  });

  it('opens no more connections than the semaphore allows, and too many without one', async () => {
    const crowd = async (connections: PrecomputeWorkerParts['connections']) => {
      const database = createDatabase({ maxConnections: 30, latencyMs: 20 });
      const { worker } = setUp({ connections, saveQuote: database.saveQuote });
      const answers = await Promise.all(listTickers(46).map(({ ticker }) => worker(payload(ticker))));
      return { errors: database.refused, answers: answers as Answer[] };
    };
    const alone = await crowd(undefined);
    expect(alone.errors).toBe(16);
    expect(alone.answers.filter(({ error }) => error.includes('1040'))).toHaveLength(16);
    const target = { store: memorySemaphoreStore() };
    const together = await crowd(createSemaphore(target, 'database', { limit: 30, leaseMs: 60_000 }));
    expect(together.errors).toBe(0);
    expect(together.answers.every(({ status }) => status === 'success')).toBe(true);
  });
});
