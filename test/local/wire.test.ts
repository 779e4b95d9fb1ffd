import { once } from 'node:events';
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

  it('gives nothing for a stream that somebody has read already', async () => {
    const body = Readable.from([Buffer.from('{}')]);
    for await (const _chunk of body);
    expect(await readBody(reply(body))).toHaveLength(0);
  });

  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const losses = [
    { how: 'with its error', error: reset, code: 'ECONNRESET' },
    { how: 'without one', error: undefined, code: 'ERR_STREAM_PREMATURE_CLOSE' },
  ];
  const openBody = () => {
    const body = new Readable({ read() {} });
    body.push('{');
    return body;
  };

  it.each(losses)('fails, $how, when the connection is lost within the body', async ({ error, code }) => {
    const body = openBody();
    const reading = readBody(reply(body));
    body.once('data', () => body.destroy(error));
    await expect(reading).rejects.toMatchObject({ code });
  });

  it.each(losses)('fails, $how, for a connection that is gone already', async ({ error, code }) => {
    const body = openBody();
    body.on('error', () => {});
    body.destroy(error);
    await expect(readBody(reply(body))).rejects.toMatchObject({ code });
    const later = openBody();
    later.on('error', () => {});
    later.destroy(error);
    await once(later, 'close').catch(() => {});
    await expect(readBody(reply(later))).rejects.toMatchObject({ code });
  });
});
