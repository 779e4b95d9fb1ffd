import { channel } from 'node:diagnostics_channel';
import type { PublishCounts } from './ledger.js';

/** What the diagnostics channel `fanfold:publish` tells of each `publishMessages` that has ended: no bodies, no attributes. */
export interface PublishEvent {
  readonly queueUrl: string;
  readonly counts: PublishCounts;
  /** How many requests were made, retries included. */
  readonly calls: number;
  /** How many messages failed under each code, such as `Aborted` or `MessageTooLong`. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

const publishChannel = channel('fanfold:publish');

/** Tells whoever listens on `fanfold:publish`; the event is not even made when nobody does. */
export function announcePublish(makeEvent: () => PublishEvent): void {
  if (publishChannel.hasSubscribers) publishChannel.publish(makeEvent());
}

/** How many failed under each code. */
export function countCodes(failures: readonly { readonly code: string }[]): Record<string, number> {
  const codes = new Map<string, number>();
  for (const { code } of failures) codes.set(code, (codes.get(code) ?? 0) + 1);
  return Object.fromEntries(codes);
}
