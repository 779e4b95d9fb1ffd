import { describe, expect, it } from 'vitest';
import { detectInvocation } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';

describe('sqsEvent', () => {
  it('looks like the event of an event source mapping', () => {
    const invocation = detectInvocation(sqsEvent([{ body: 'a' }, { body: { b: 1 } }]));
    expect(invocation).toMatchObject({
      mode: 'sqs',
      records: [
        { messageId: 'message-0', body: 'a' },
        { messageId: 'message-1', body: '{"b":1}' },
      ],
    });
  });

  it('says how often a message was received, its group and its queue', () => {
    const { Records } = sqsEvent([{ body: '', messageId: 'm', receiveCount: 3, groupId: 'g' }], {
      queueName: 'trades.fifo',
    });
    expect(Records[0]).toMatchObject({
      messageId: 'm',
      attributes: { ApproximateReceiveCount: '3', MessageGroupId: 'g' },
      eventSourceARN: expect.stringMatching(/:trades\.fifo$/),
    });
  });

  it('types attributes as SQS does', () => {
    const attributes = { text: 'x', count: 7, bytes: new Uint8Array([1, 2]) };
    expect(sqsEvent([{ body: '', attributes }]).Records[0]?.messageAttributes).toEqual({
      text: { dataType: 'String', stringValue: 'x' },
      count: { dataType: 'Number', stringValue: '7' },
      bytes: { dataType: 'Binary', binaryValue: 'AQI=' },
    });
  });
});
