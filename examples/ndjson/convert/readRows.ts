/** A row: what one line of a file holds. */
export type Row = Readonly<Record<string, unknown>>;

/** A line that is not what NDJSON wants. The message names file and line, and shows nothing of it. */
export class BadLineError extends Error {
  override readonly name = 'BadLineError';
}

/** Longer than any row should be: a file without line breaks must not fill the memory. */
const MAX_LINE_CHARACTERS = 16 * 1_024 * 1_024;

function parseRow(line: string, file: string, number: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // JSON.parse's own message quotes the line, which is somebody's data.
    throw new BadLineError(`${file}, line ${number}: expected JSON`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new BadLineError(`${file}, line ${number}: expected a JSON object`);
}

async function* readLines(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new BadLineError(`${file}: expected UTF-8`);
    }
  };
  for await (const chunk of bytes) {
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new BadLineError(`${file}: expected lines of at most ${MAX_LINE_CHARACTERS} characters`);
    }
  }
  yield rest + decode();
}

/** Reads a file of NDJSON as a stream, row by row; blank lines are none. @throws BadLineError */
export async function* readRows(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of readLines(bytes, file)) {
    number += 1;
    if (line.trim() !== '') yield parseRow(line, file, number);
  }
}
