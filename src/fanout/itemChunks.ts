import { type ErrorInfo, toErrorInfo } from '../aggregation/outcome.js';
import { toEnvelope } from '../envelope.js';
import type { OutgoingMessage } from './message.js';
import type { Source } from './source.js';

/** Turns an item into the message that carries it; its `body` becomes the payload of the envelope. */
export type ToMessage<I> = (item: I, index: number) => OutgoingMessage | Promise<OutgoingMessage>;

/** Items that are published together, and only then count as published. */
export interface ItemChunk {
  /** The index after the last one; the same as the start at the end of the source. */
  readonly end: number;
  /** The messages with the indices that they carry. */
  readonly messages: readonly { readonly index: number; readonly message: OutgoingMessage }[];
  /** Items for which no message could be made, and why. */
  readonly refused: readonly { readonly index: number; readonly error: ErrorInfo }[];
}

const MAX_CHUNK_ITEMS = 1_024;
const MAX_CHUNK_CHARACTERS = 8_388_608;

/** Reads past the items that an earlier run has published. */
export async function skipItems<I>(source: Source<I>, count: number): Promise<void> {
  while (source.readCount() < count && (await source.next()) !== undefined);
}

/** Reads the next chunk, limited by number and by size, so that memory stays flat whatever the items are. */
export async function nextChunk<I>(
  id: string,
  source: Source<I>,
  toMessage: ToMessage<I>,
): Promise<ItemChunk> {
  const messages: { index: number; message: OutgoingMessage }[] = [];
  const refused: { index: number; error: ErrorInfo }[] = [];
  for (
    let items = 0, characters = 0;
    items < MAX_CHUNK_ITEMS && characters < MAX_CHUNK_CHARACTERS;
    items += 1
  ) {
    const pulled = await source.next();
    if (pulled === undefined) break;
    const { index, value } = pulled;
    try {
      const message = await toMessage(value, index);
      const body = JSON.stringify(toEnvelope(id, index, message.body));
      characters += body.length;
      messages.push({ index, message: { ...message, body } });
    } catch (thrown) {
      refused.push({ index, error: toErrorInfo(thrown) });
    }
  }
  return { end: source.readCount(), messages, refused };
}
