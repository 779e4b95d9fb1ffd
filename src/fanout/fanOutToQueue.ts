import type { FanIn, OpenOptions, SettleEntry } from '../aggregation/index.js';
import { expectFunction, expectSignal } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { type Deadline, expectDeadline, msLeft } from './deadline.js';
import { type ItemChunk, nextChunk, skipItems, type ToMessage } from './itemChunks.js';
import type { PublishCounts, PublishFailure } from './ledger.js';
import { notify } from './notify.js';
import { type PublishOptions, type PublishTarget, publishMessages } from './publishMessages.js';
import { SourceFailedError } from './SourceFailedError.js';
import { type Items, openSource } from './source.js';

/** Where to fan out to, and what counts it back in. */
export interface FanOutTarget extends PublishTarget {
  /** From `createFanIn`, with the `onComplete` of the job: an item that cannot be published may be the last. */
  readonly fanIn: FanIn;
}

/** What {@link fanOutToQueue} takes beside the target, the id and the items. */
export interface FanOutToQueueOptions<I> extends OpenOptions, PublishOptions {
  /** Makes the message of an item; where it throws, the item is settled as failed with that reason. @default the item as body */
  readonly toMessage?: ToMessage<I>;
}

/** What {@link fanOutToQueue} resolves with. */
export interface FanOutToQueueResult {
  readonly id: string;
  /** `paused`: stopped by `deadline` or `signal`; call again with the same id and items to go on. */
  readonly status: 'published' | 'paused';
  /** Of this call. */
  readonly counts: PublishCounts;
  /** The items that could not be published; they are settled as failed. Indices are those of the items. */
  readonly failures: readonly PublishFailure[];
}

function itemsChanged(expected: number, got: string): FanfoldError {
  const message = `items: expected the ${expected} items that the fan-in has handed out, got ${got}; they must enumerate the same way in every call`;
  return new FanfoldError('ItemsChanged', message);
}

function toEntry({ index, code, message, senderFault }: PublishFailure): SettleEntry<unknown> {
  return {
    index,
    outcome: { status: 'failed', error: { name: 'PublishFailed', message, code, retryable: !senderFault } },
  };
}

/**
 * Opens a fan-in, publishes an SQS message for each item, and seals it: the whole way out, resumable.
 *
 * Publishing is at least once; the fan-in counts each index once whatever arrives twice. After a crash, or after it
 * paused near the orchestrator's own deadline, call it again with the same id and items: it goes on from a persisted
 * cursor, and index *i* means the same item for ever. An item that cannot be published is settled as failed, or the
 * job would wait for it for ever. The number of items need not be known: an array's length and `total` are, a
 * stream is sealed at its end.
 *
 * AWS calls: those of `publishMessages` and `createFanIn`, and their IAM actions.
 *
 * @throws FanfoldError `InvalidArgument` before any call · `ItemsChanged` when there are not as many items as before,
 * or not as many as `total` · `SourceFailed` with the `result` so far when the source throws; it can be called again ·
 * what the fan-in throws.
 * @example
 * ```ts
 * const { status } = await fanOutToQueue({ client: sqs, queueUrl, fanIn }, 'import-7', readBooks(), {
 *   toMessage: (book) => ({ body: book }),
 *   deadline: { remainingMs: () => context.getRemainingTimeInMillis(), marginMs: 10_000 },
 * });
 * ```
 */
export async function fanOutToQueue<I>(
  target: FanOutTarget,
  id: string,
  items: Items<I>,
  options: FanOutToQueueOptions<I> = {},
): Promise<FanOutToQueueResult> {
  const { fanIn } = target;
  const {
    toMessage = (item: I) => ({ body: item as object }),
    signal,
    deadline,
    onProgress,
    onPublished,
  } = options;
  expectFunction('fanIn.open', fanIn?.open);
  expectFunction('toMessage', toMessage);
  expectSignal('signal', signal);
  expectDeadline('deadline', deadline);
  const source = openSource('items', items);
  const known = options.total ?? (options.maxItems === undefined ? source.length : undefined);

  const opened = await fanIn.open(id, { ...options, ...(known === undefined ? {} : { total: known }) });
  const isStream = known === undefined;
  let allocated = opened.counts.expected;
  let published = 0;
  const failures: PublishFailure[] = [];
  const answer = (status: FanOutToQueueResult['status']): FanOutToQueueResult => {
    const failed = failures.length;
    return { id, status, counts: { expected: published + failed, published, failed }, failures };
  };

  const cursor = await fanIn.readCursor(id);
  const finished = opened.sealed && (isStream || cursor >= allocated);
  if (finished || opened.state !== 'open') return answer('published');

  async function handOut(end: number): Promise<void> {
    if (!isStream && end > allocated) throw itemsChanged(allocated, `more than ${allocated}`);
    // The key makes this the same range for whoever repeats it: a crash here leaves no hole.
    while (end > allocated)
      ({ end: allocated } = await fanIn.allocate(id, end - allocated, { key: `publish ${allocated}` }));
  }

  /** Publishes a chunk and settles what could not be; the index up to which nothing is left to publish. */
  async function publish({ end, messages, refused }: ItemChunk): Promise<number> {
    const before = { published, failed: failures.length };
    const result = await publishMessages(
      target,
      messages.map(({ message }) => message),
      {
        ...options,
        onProgress: ({ published: sent, failed }) => {
          const counts = { published: before.published + sent, failed: before.failed + failed };
          notify(onProgress, { expected: counts.published + counts.failed, ...counts });
        },
        onPublished: (message) =>
          notify(onPublished, { ...message, index: messages[message.index]?.index ?? message.index }),
      },
    );
    published += result.counts.published;
    const own = result.failures.map((failure) => ({
      ...failure,
      index: messages[failure.index]?.index ?? failure.index,
    }));
    const unsent = own.filter(({ code }) => code === 'Aborted');
    const lost: PublishFailure[] = [
      ...refused.map(({ index, error }) => ({
        index,
        code: error.code ?? error.name,
        message: error.message,
        senderFault: true,
        attempts: 0,
      })),
      ...own.filter(({ code }) => code !== 'Aborted'),
    ];
    failures.push(...lost.sort((a, b) => a.index - b.index));
    if (lost.length > 0) await fanIn.settle(id, lost.map(toEntry));
    // At its deadline a publish stops reading: what it has not read is not published either.
    return unsent[0]?.index ?? messages[result.counts.expected]?.index ?? end;
  }

  try {
    await skipItems(source, cursor);
    for (;;) {
      if (signal?.aborted || (deadline !== undefined && msLeft(deadline as Deadline) <= 0))
        return answer('paused');
      const chunk = await nextChunk(id, source, toMessage);
      if (chunk.messages.length + chunk.refused.length === 0) break;
      await handOut(chunk.end);
      const reached = await publish(chunk);
      // Only now: a cursor that ran ahead would make a crash lose the items between.
      await fanIn.advanceCursor(id, reached);
      if (reached < chunk.end) return answer('paused');
    }
    const failure = source.failure();
    if (failure !== undefined) throw new SourceFailedError(failure.cause, answer('paused'));
    const count = source.readCount();
    if (count !== allocated) throw itemsChanged(allocated, `${count}`);
    if (isStream) await fanIn.seal(id, count);
    return answer('published');
  } finally {
    source.close();
  }
}
