import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../src/local/wire.js';

const reply = (body: unknown) => ({ response: { statusCode: 200, headers: {}, body } });

describe('readBody', () => {
  it('gives the bytes, and leaves them in the place of the stream', async () => {
    const read = reply(Readable.from([Buffer.from('{"a":'), Buffer.from('1}')]));
    expect((await readBody(read)).toString()).toBe('{"a":1}');
    expect((await readBody(read)).toString()).toBe('{"a":1}');
  });

  it('gives nothing for a reply without a body', async () => {
    expect(await readBody(reply(undefined))).toHaveLength(0);
  });

  it.each([
    ['with its error', new Error('reset'), 'reset'],
    ['without one', undefined, 'the connection was closed before the end of the reply'],
  ])('fails when the connection is lost within the body, %s', async (_how, error, message) => {
    const body = new Readable({ read() {} });
    body.push('{');
    const reading = readBody(reply(body));
    body.once('data', () => body.destroy(error));
    await expect(reading).rejects.toThrow(message);
  });

  it('fails for a connection that is gone already', async () => {
    const body = new Readable({ read() {} });
    body.destroy();
    await expect(readBody(reply(body))).rejects.toThrow('closed before the end');
  });
});
