import { InputError } from '../../inputError.js';

const BINARY = 'expected a CSV file as UTF-8 text, found binary data';

/** Bytes as text, piece by piece, without the byte order mark; refuses what is not UTF-8 text, or empty. */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined) => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new InputError(BINARY);
    }
  };
  let blank = true;
  for await (const bytes of source) {
    const text = decode(bytes);
    if (text.includes('\0')) throw new InputError(BINARY);
    blank &&= text.trim() === '';
    if (!blank) yield text;
  }
  decode(undefined);
  if (blank) throw new InputError('expected a CSV file with a header and rows, found an empty file');
}
