import { createLanes } from './lanes.js';
import type { Ledger, Pending } from './ledger.js';
import { type MessageLimits, type OutgoingMessage, toEntry } from './message.js';
import type { Source } from './source.js';

/** How long a call waits to be filled when an asynchronous source falls silent. */
const SILENCE_MS = 100;

/** What a feed works with. */
export interface FeedOptions extends MessageLimits {
  readonly source: Source<OutgoingMessage>;
  readonly ledger: Ledger;
  readonly maxEntries: number;
  readonly maxBatchBytes: number;
  readonly batchGroups: boolean;
  /** The most messages that may be open: read, and not settled. */
  readonly readAhead: number;
  /** Looked at before anything is read. */
  readonly isStopping: () => boolean;
}

/** Reads messages and makes calls of them. */
export interface Feed {
  /** The messages of the next call; none when there is nothing more to send. */
  take(): Promise<Pending[]>;
  /** A message is settled: its group may go on, and there is room to read. */
  release(pending: Pending): void;
  /** Lets whoever waits for a message to be settled look again. */
  wake(): void;
}

/** A feed: it checks every message that it reads, and what is illegal goes no further than the ledger. */
export function createFeed(options: FeedOptions): Feed {
  const { source, ledger, maxEntries, maxBatchBytes, batchGroups, readAhead, isFifo, isStopping } = options;
  const lanes = createLanes<Pending>({ maxEntries, maxBytes: maxBatchBytes, batchGroups });
  let wake = (): void => {};

  const admit = (index: number, message: OutgoingMessage): void => {
    const entry = toEntry(message, options);
    if ('code' in entry) {
      ledger.refused(index, entry);
      return;
    }
    const { fields, bytes } = entry;
    const group = isFifo ? fields.MessageGroupId : undefined;
    const fresh = { attempts: 0, delayAfter: undefined, lastCode: undefined };
    const pending: Pending = { index, group, fields, bytes, ...fresh };
    ledger.open(pending);
    lanes.add(pending);
  };

  let isReading = false;
  /** Reads one message: at once, or, from an asynchronous source, some time later. */
  const read = (): 'read' | 'reading' => {
    if (isReading) return 'reading';
    const pulled = source.next();
    if (!(pulled instanceof Promise)) {
      if (pulled !== undefined) admit(pulled.index, pulled.value);
      return 'read';
    }
    isReading = true;
    void pulled.then((later) => {
      isReading = false;
      if (later !== undefined) admit(later.index, later.value);
      wake();
    });
    return 'reading';
  };

  const next = async (): Promise<Pending[]> => {
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    while (!isStopping()) {
      const filled = lanes.fill();
      const mayRead = !source.isEnded() && ledger.openCount() < readAhead;
      if (filled === 'full' || (filled === 'partial' && (isLate || !mayRead))) break;
      if (source.isEnded() && filled === 'empty' && lanes.waiting() === 0) break;
      if (mayRead && read() === 'read') continue;
      // The source is silent, or every group waits for its turn: whatever changes that wakes us.
      if (filled === 'partial') {
        timer ??= setTimeout(() => {
          isLate = true;
          wake();
        }, SILENCE_MS);
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    clearTimeout(timer);
    return isStopping() ? [] : lanes.launch();
  };

  // One call is filled at a time; whoever comes meanwhile stands in line.
  let turn: Promise<Pending[]> = Promise.resolve([]);
  return {
    take() {
      turn = turn.then(next);
      return turn;
    },
    release(pending) {
      lanes.release(pending);
      wake();
    },
    wake: () => wake(),
  };
}
