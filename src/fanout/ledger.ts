import type { Entry, Refusal } from './message.js';
import { notify } from './notify.js';
import type { createRetries } from './retry.js';

/** How many messages were read, and what became of them. */
export interface PublishCounts {
  /** How many were read from the source; in the result it equals `published` + `failed`. */
  readonly expected: number;
  readonly published: number;
  readonly failed: number;
}

/** A message that SQS has. */
export interface PublishedMessage {
  /** The position of the message in the input, from 0. */
  readonly index: number;
  readonly messageId: string | undefined;
  /** On a FIFO queue. */
  readonly sequenceNumber: string | undefined;
  /** How many of our calls carried it. */
  readonly attempts: number;
}

/** A message that SQS does not have, or never confirmed. */
export interface PublishFailure {
  /** The position of the message in the input, from 0. */
  readonly index: number;
  /** SQS's own code where there is one, else `MessageTooLong`, `InvalidMessageContents`, `InvalidMessage` or `Aborted`. */
  readonly code: string;
  readonly message: string;
  /** Whether the message or the request is to blame: the same again would fail again. */
  readonly senderFault: boolean;
  /** How many of our calls carried it; 0 for a message that was refused up front. */
  readonly attempts: number;
}

/** Told while a publish is under way; what they throw is ignored. */
export interface PublishCallbacks {
  /** Told after every call. */
  readonly onProgress?: ((counts: PublishCounts) => unknown) | undefined;
  /** Told of every message that SQS confirmed. */
  readonly onPublished?: ((message: PublishedMessage) => unknown) | undefined;
}

/** A message that was read and is not settled. */
export interface Pending extends Entry {
  readonly index: number;
  readonly group: string | undefined;
  attempts: number;
  delayAfter: ReturnType<typeof createRetries> | undefined;
  lastCode: string | undefined;
}

/** Where every message that was read ends exactly once. */
export interface Ledger {
  open(pending: Pending): void;
  /** How many are open. */
  openCount(): number;
  /** Refused up front: it was never open. */
  refused(index: number, refusal: Refusal): void;
  published(pending: Pending, answer: Pick<PublishedMessage, 'messageId' | 'sequenceNumber'>): void;
  failed(pending: Pending, reason: Refusal & { readonly senderFault: boolean }): void;
  /** Ends whatever is open as `Aborted`. */
  abort(): void;
  progress(): void;
  counts(): PublishCounts;
  failures(): PublishFailure[];
}

/** A ledger; `onSettled` hears of every message that was open and is so no more. What comes later is ignored. */
export function createLedger(
  { onProgress, onPublished }: PublishCallbacks,
  onSettled: (pending: Pending) => void,
): Ledger {
  const openOnes = new Set<Pending>();
  const failures: PublishFailure[] = [];
  let published = 0;

  const close = (pending: Pending): boolean => {
    const wasOpen = openOnes.delete(pending);
    if (wasOpen) onSettled(pending);
    return wasOpen;
  };
  const counts = (): PublishCounts => ({
    expected: openOnes.size + published + failures.length,
    published,
    failed: failures.length,
  });
  const progress = (): void => {
    if (onProgress !== undefined) notify(onProgress, counts());
  };
  const failed: Ledger['failed'] = (pending, { code, message, senderFault }) => {
    if (!close(pending)) return;
    failures.push({ index: pending.index, code, message, senderFault, attempts: pending.attempts });
  };

  return {
    open: (pending) => void openOnes.add(pending),
    openCount: () => openOnes.size,
    refused(index, { code, message }) {
      failures.push({ index, code, message, senderFault: true, attempts: 0 });
      progress();
    },
    published(pending, { messageId, sequenceNumber }) {
      if (!close(pending)) return;
      published++;
      if (onPublished === undefined) return;
      const { index, attempts } = pending;
      notify(onPublished, { index, messageId, sequenceNumber, attempts });
    },
    failed,
    abort() {
      if (openOnes.size === 0) return;
      for (const pending of openOnes) {
        const state =
          pending.attempts === 0 ? 'before it was sent' : 'before it was confirmed: it may be sent';
        const last = pending.lastCode === undefined ? '' : ` (last answer: ${pending.lastCode})`;
        failed(pending, { code: 'Aborted', message: `aborted ${state}${last}`, senderFault: false });
      }
      progress();
    },
    progress,
    counts,
    failures: () => failures.sort((a, b) => a.index - b.index),
  };
}
