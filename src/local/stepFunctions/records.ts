import { randomUUID } from 'node:crypto';
import { asObject } from './states.js';

/** An entry that a state machine gave to EventBridge; nothing routes it further. */
export interface PutEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly eventBusName: string;
}

/** A message that a state machine gave to SNS; nothing delivers it. */
export interface PublishedNotification {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: unknown;
}

/** Keeps what would leave for services that do not run here. */
export interface Records {
  readonly events: readonly PutEvent[];
  readonly notifications: readonly PublishedNotification[];
  putEvents(input: Readonly<Record<string, unknown>>): unknown;
  publish(input: Readonly<Record<string, unknown>>): unknown;
}

export function createRecords(): Records {
  const events: PutEvent[] = [];
  const notifications: PublishedNotification[] = [];
  return {
    events,
    notifications,
    putEvents({ Entries }) {
      const entries = Array.isArray(Entries) ? Entries.map(asObject) : [];
      const added = entries.map(({ Source, DetailType, Detail, EventBusName = 'default' }) => ({
        id: randomUUID(),
        source: String(Source),
        detailType: String(DetailType),
        detail: Detail,
        eventBusName: String(EventBusName),
      }));
      events.push(...added);
      return { Entries: added.map(({ id }) => ({ EventId: id })), FailedEntryCount: 0 };
    },
    publish({ TopicArn, Subject, Message }) {
      const id = randomUUID();
      const subject = Subject === undefined ? {} : { subject: String(Subject) };
      notifications.push({ id, topicArn: String(TopicArn), ...subject, message: Message });
      return { MessageId: id };
    },
  };
}
