import { describe, expect, it } from 'vitest';
import { toEnvelope } from '../../src/envelope.js';
import { createDeadLetterHandler } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const dead = (...indices: number[]) =>
  sqsEvent(indices.map((index) => ({ body: toEnvelope('job', index, {}) })));

describe('createDeadLetterHandler', () => {
  it('reports what it cannot settle, so that it stays where somebody can look at it', async () => {
    const handler = createDeadLetterHandler({ fanIn: fakeFanIn() });
    const answer = await handler(
      sqsEvent([{ body: 'no JSON' }, { body: { bare: true } }, { body: { fanfold: 9, fanIn: {} } }]),
    );
    expect(failedIds(answer)).toEqual(['message-0', 'message-1', 'message-2']);
  });

  it('reports a record whose reason could not be read, instead of settling it with another', async () => {
    const fanIn = fakeFanIn({
      onReadFailure: () => {
        throw new Error('throttled');
      },
    });
    expect(failedIds(await createDeadLetterHandler({ fanIn })(dead(0)))).toEqual(['message-0']);
    expect(fanIn.settled.size).toBe(0);
  });

  it('reports everything while the fan-in cannot be reached', async () => {
    const fanIn = fakeFanIn({
      before: () => {
        throw new Error('down');
      },
    });
    expect(failedIds(await createDeadLetterHandler({ fanIn })(dead(0, 1)))).toEqual([
      'message-0',
      'message-1',
    ]);
  });

  it('throws for a record without a message id that it cannot settle', async () => {
    const event = {
      Records: sqsEvent([{ body: 'x' }]).Records.map((record) => ({ ...record, messageId: '' })),
    };
    const handler = createDeadLetterHandler({ fanIn: fakeFanIn() });
    await expect(handler(event)).rejects.toMatchObject({ code: 'MissingMessageId' });
  });

  it('settles as failed, with the reason that was kept or a default one', async () => {
    const fanIn = fakeFanIn();
    await fanIn.recordFailure('job', 1, { name: 'TypeError', message: 'socket hang up', retryable: true });
    expect(failedIds(await createDeadLetterHandler({ fanIn })(dead(0, 1)))).toEqual([]);
    expect(fanIn.settled.get('job/0')).toMatchObject({ status: 'failed', error: { code: 'DeadLettered' } });
    expect(fanIn.settled.get('job/1')).toMatchObject({
      status: 'failed',
      error: { message: 'socket hang up' },
    });
  });

  it('settles a batch in one call, and singly around a poisoned one', async () => {
    const fanIn = fakeFanIn({ total: 4 });
    const handler = createDeadLetterHandler({ fanIn });
    expect(failedIds(await handler(dead(0, 1, 2)))).toEqual([]);
    expect(fanIn.calls).toHaveLength(1);
    expect(failedIds(await handler(dead(3, 4)))).toEqual(['message-1']);
    expect(fanIn.settled.has('job/3')).toBe(true);
  });

  it('acknowledges duplicates and what is gone', async () => {
    const fanIn = fakeFanIn({ gone: ['job'] });
    const handler = createDeadLetterHandler({ fanIn });
    expect(failedIds(await handler(dead(0)))).toEqual([]);
    expect(failedIds(await handler(dead(0)))).toEqual([]);
  });

  it('refuses to be made without a fan-in, and an event that is no SQS batch', async () => {
    const options = {} as unknown as Parameters<typeof createDeadLetterHandler>[0];
    expect(() => createDeadLetterHandler(options)).toThrow(/^fanIn\.settle: expected a function/);
    const handler = createDeadLetterHandler({ fanIn: fakeFanIn() });
    await expect(handler({ hello: 1 })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });
});
