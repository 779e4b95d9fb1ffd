import { SQSClient } from '@aws-sdk/client-sqs';
import { createFanIn, memoryFanInStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { createOrchestrator } from '../../../examples/precompute/handlers/createOrchestrator.js';
import type { Answer } from '../../../examples/precompute/handlers/messages.js';

const orchestrator = createOrchestrator({
  sqs: new SQSClient({ region: 'us-east-1' }),
  queueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/tickers',
  fanIn: createFanIn<Answer>({ store: memoryFanInStore() }),
});
const job = { tickers: [{ ticker: 'AMZN' }], execution_id: 'run-1', source: 'test' };

describe('the precompute orchestrator', () => {
  it('throws without a task token, before it publishes what nobody waits for', async () => {
    await expect(orchestrator(job)).rejects.toThrow('task token');
    const stepFunctions = { executionId: 'arn:aws:states:us-east-1:000000000000:execution:precompute:run-1' };
    await expect(orchestrator({ stepFunctions, ...job })).rejects.toThrow('task token');
  });

  it('throws what it cannot read, so that the state ends instead of waiting', async () => {
    const stepFunctions = { taskToken: 'token' };
    await expect(orchestrator({ stepFunctions, ...job, tickers: 'AMZN' })).rejects.toThrow('tickers');
  });
});
