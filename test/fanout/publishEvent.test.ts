import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishMessages } from '../../src/fanout/index.js';
import { acceptAll, fakeQueue, refusing } from './fakeQueue.js';

const queueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/books';
const events: unknown[] = [];
const keep = (event: unknown) => void events.push(event);
beforeEach(() => {
  events.length = 0;
  subscribe('fanfold:publish', keep);
});
afterEach(() => {
  unsubscribe('fanfold:publish', keep);
});

describe('the channel fanfold:publish', () => {
  it('tells how a publish ended, with its codes, and nothing of its messages', async () => {
    const { client } = fakeQueue((entries) =>
      refusing(entries, ({ MessageBody }) => MessageBody === 'secret 1', {
        code: 'InvalidMessageContents',
        senderFault: true,
      }),
    );
    const bodies = ['', 'secret 1', 'secret 2', 'secret \u0000'];
    await publishMessages(
      { client, queueUrl },
      bodies.map((body) => ({ body })),
    );
    expect(events).toEqual([
      {
        queueUrl,
        counts: { expected: 4, published: 1, failed: 3 },
        calls: 1,
        failures: { MissingParameter: 1, InvalidMessageContents: 2 },
        durationMs: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('tells of a publish whose source has failed, too', async () => {
    const { client } = fakeQueue(acceptAll);
    function* source() {
      yield { body: 'a' };
      throw new Error('secret');
    }
    await expect(publishMessages({ client, queueUrl }, source())).rejects.toMatchObject({
      code: 'SourceFailed',
    });
    expect(events).toMatchObject([{ counts: { expected: 1, published: 1, failed: 0 }, failures: {} }]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});
