import { channel } from 'node:diagnostics_channel';
import type { SettledEntry, SettleResult } from './fanIn.js';
import { type CompletionReason, type OutcomeCounts, toErrorInfo } from './outcome.js';

/** What the diagnostics channel `fanfold:fanin` tells: no payloads, results, metadata, task tokens or error messages. */
export type FanInEvent = { readonly id: string } & (
  | {
      /** By this call, or again; a stream has no `total` yet. */
      readonly type: 'opened';
      readonly isNew: boolean;
      readonly total: number | undefined;
    }
  | {
      readonly type: 'settled';
      readonly recorded: number;
      readonly duplicates: number;
      readonly gone: number;
      readonly state: SettleResult['state'];
    }
  | {
      /** Nothing more is waited for; what is unsettled is being settled. */
      readonly type: 'closing';
      readonly completionReason: CompletionReason;
    }
  | {
      readonly type: 'decided';
      readonly deliveryId: string;
      readonly completionReason: CompletionReason;
      readonly counts: OutcomeCounts;
    }
  | {
      readonly type: 'delivered';
      readonly deliveryId: string;
      readonly delivery: 'confirmed' | 'unknown';
      /** How long `onComplete` took. */
      readonly durationMs: number;
    }
  | { readonly type: 'deliveryFailed'; readonly deliveryId: string; readonly error: ErrorName }
  | { readonly type: 'progressFailed'; readonly error: ErrorName }
);

/** Which error, without its message, which may quote a payload. */
export interface ErrorName {
  readonly name: string;
  readonly code?: string;
}

const fanInChannel = channel('fanfold:fanin');

/** Tells whoever listens on `fanfold:fanin`; the event is not even made when nobody does. */
export function announceFanIn(makeEvent: () => FanInEvent): void {
  if (fanInChannel.hasSubscribers) fanInChannel.publish(makeEvent());
}

/** Tells of a settle: how many of its entries counted. */
export function announceSettled(id: string, { entries, state }: SettleResult): void {
  announceFanIn(() => {
    const count = (answer: SettledEntry) => entries.filter((entry) => entry === answer).length;
    const counts = { recorded: count('recorded'), duplicates: count('duplicate'), gone: count('gone') };
    return { type: 'settled', id, ...counts, state };
  });
}

/** What may be told of anything that was thrown. */
export function toErrorName(thrown: unknown): ErrorName {
  const { name, code } = toErrorInfo(thrown);
  return code === undefined ? { name } : { name, code };
}
