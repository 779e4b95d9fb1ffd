import { describe, expect, it } from 'vitest';
import { type OutgoingMessage, toEntry } from '../../src/fanout/message.js';

const standard = { isFifo: false, maxMessageBytes: 1_048_576 };
const fifo = { ...standard, isFifo: true };
const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe('toEntry', () => {
  it.each<[string, unknown, string]>([
    ['null for a message', null, 'InvalidMessage'],
    ['a string for a message', 'body', 'InvalidMessage'],
    ['no body', {}, 'InvalidMessage'],
    ['a BigInt', { body: { n: 1n } }, 'InvalidMessage'],
    ['a cycle', { body: cycle }, 'InvalidMessage'],
    ['a function', { body: () => 1 }, 'InvalidMessage'],
    [
      'a toJSON that throws',
      {
        body: {
          toJSON() {
            throw new Error('no');
          },
        },
      },
      'InvalidMessage',
    ],
    [
      'a getter that throws',
      {
        get body(): string {
          throw new Error('no');
        },
      },
      'InvalidMessage',
    ],
    ['an empty body', { body: '' }, 'MissingParameter'],
    ['a control character', { body: 'a\u0000b' }, 'InvalidMessageContents'],
    ['a lone high surrogate', { body: '\uD83D' }, 'InvalidMessageContents'],
    ['a lone low surrogate', { body: 'x\uDE00' }, 'InvalidMessageContents'],
    ['U+FFFE', { body: '\uFFFE' }, 'InvalidMessageContents'],
    [
      'an illegal character in an attribute',
      { body: 'b', attributes: { a: '\u0001' } },
      'InvalidMessageContents',
    ],
    [
      'eleven attributes',
      { body: 'b', attributes: Object.fromEntries([...Array(11).keys()].map((n) => [`a${n}`, n])) },
      'InvalidParameterValue',
    ],
    ['attributes of another kind', { body: 'b', attributes: 'a' }, 'InvalidMessage'],
    ['an empty attribute', { body: 'b', attributes: { a: '' } }, 'InvalidParameterValue'],
    ['empty bytes', { body: 'b', attributes: { a: new Uint8Array() } }, 'InvalidParameterValue'],
    ['an infinite number', { body: 'b', attributes: { a: Infinity } }, 'InvalidParameterValue'],
    ['a boolean attribute', { body: 'b', attributes: { a: true } }, 'InvalidParameterValue'],
    ...['', '.a', 'a.', 'a..b', 'AWS.a', 'amazon.b', 'a b', 'ä', 'x'.repeat(257)].map(
      (name): [string, unknown, string] => [
        `the attribute name ${JSON.stringify(name.slice(0, 9))}`,
        { body: 'b', attributes: { [name]: 'v' } },
        'InvalidParameterValue',
      ],
    ),
    ...[-1, 901, 0.5, '1'].map((delaySeconds): [string, unknown, string] => [
      `a delay of ${delaySeconds}`,
      { body: 'b', delaySeconds },
      'InvalidParameterValue',
    ]),
    ...['', ' ', 'ä', 'x'.repeat(129), 5].map((groupId): [string, unknown, string] => [
      `the group ${String(groupId).slice(0, 9)}`,
      { body: 'b', groupId },
      'InvalidParameterValue',
    ]),
    ['a deduplication id on a standard queue', { body: 'b', deduplicationId: 'd' }, 'InvalidParameterValue'],
  ])('refuses %s', (_, message, code) => {
    expect(toEntry(message as OutgoingMessage, standard)).toMatchObject({
      code,
      message: expect.any(String),
    });
  });

  it.each<[string, OutgoingMessage, string]>([
    ['no group', { body: 'b' }, 'MissingParameter'],
    ['a delay', { body: 'b', groupId: 'g', delaySeconds: 0 }, 'InvalidParameterValue'],
    ['a bad deduplication id', { body: 'b', groupId: 'g', deduplicationId: 'a b' }, 'InvalidParameterValue'],
  ])('refuses %s on a FIFO queue', (_, message, code) => {
    expect(toEntry(message, fifo)).toMatchObject({ code });
  });

  it('says where an illegal character is, and nothing else of the body', () => {
    expect(toEntry({ body: 'secret\u0007' }, standard)).toEqual({
      code: 'InvalidMessageContents',
      message: 'body: U+0007 at 6 is not allowed by SQS',
    });
  });

  it("counts UTF-8 bytes of the body and of each attribute's name, type and value", () => {
    const attributes = { text: 'é', number: -1.5, bytes: new Uint8Array(3) };
    const bytes = 4 + 3 + (4 + 6 + 2) + (6 + 6 + 4) + (5 + 6 + 3);
    const message = { body: '😀€', attributes };
    expect(toEntry(message, { ...standard, maxMessageBytes: bytes })).toEqual({
      bytes,
      fields: {
        MessageBody: '😀€',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'é' },
          number: { DataType: 'Number', StringValue: '-1.5' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array(3) },
        },
      },
    });
    expect(toEntry(message, { ...standard, maxMessageBytes: bytes - 1 })).toMatchObject({
      code: 'MessageTooLong',
    });
  });

  it('sends strings as they are and everything else as JSON', () => {
    const bodies = ['"quoted"\t\n\r', 5, null, false, [1], { a: new Date(0) }];
    const sent = bodies
      .map((body) => toEntry({ body }, standard))
      .map((entry) => 'fields' in entry && entry.fields.MessageBody);
    expect(sent).toEqual(['"quoted"\t\n\r', '5', 'null', 'false', '[1]', '{"a":"1970-01-01T00:00:00.000Z"}']);
  });

  it('passes the parameters of the queue on', () => {
    expect(toEntry({ body: 'b', delaySeconds: 900, groupId: 'tenant' }, standard)).toMatchObject({
      fields: { DelaySeconds: 900, MessageGroupId: 'tenant' },
    });
    expect(toEntry({ body: 'b', groupId: '!~', deduplicationId: 'x'.repeat(128) }, fifo)).toMatchObject({
      fields: { MessageGroupId: '!~', MessageDeduplicationId: 'x'.repeat(128) },
    });
  });
});
