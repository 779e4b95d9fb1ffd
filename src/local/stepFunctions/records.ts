import { randomUUID } from 'node:crypto';
import type { FanfoldError } from '../../errors.js';
import { asObject } from '../asObject.js';
import type { PutEventsReply } from '../events/createEvents.js';
import { taskError } from './taskError.js';

/** An entry that a state machine gave to EventBridge. */
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

/** `PutEvents`, as the wire has it. */
export type PutEvents = (request: Readonly<Record<string, unknown>>) => PutEventsReply;

/** Keeps what state machines give to EventBridge and SNS; the events go on to EventBridge. */
export interface Records {
  readonly events: readonly PutEvent[];
  readonly notifications: readonly PublishedNotification[];
  putEvents(input: Readonly<Record<string, unknown>>): unknown;
  publish(input: Readonly<Record<string, unknown>>): unknown;
}

/** An entry as the wire has it: a state machine may give its detail as JSON, where the wire has text. */
function wireEntry(entry: unknown): Readonly<Record<string, unknown>> {
  const given = asObject(entry);
  const { Detail } = given;
  return Detail === undefined || typeof Detail === 'string'
    ? given
    : { ...given, Detail: JSON.stringify(Detail) };
}

export function createRecords(send: PutEvents): Records {
  const events: PutEvent[] = [];
  const notifications: PublishedNotification[] = [];

  function sendEntries(Entries: readonly unknown[]): PutEventsReply {
    try {
      return send({ Entries: Entries.map(wireEntry) });
    } catch (error) {
      const { code, message } = error as FanfoldError;
      throw taskError(`EventBridge.${code}`, message);
    }
  }

  return {
    events,
    notifications,
    putEvents({ Entries }) {
      const given = Array.isArray(Entries) ? Entries : [];
      const reply = sendEntries(given);
      for (const [position, entry] of reply.Entries.entries()) {
        if (!('EventId' in entry)) continue;
        const { Source, DetailType, Detail, EventBusName = 'default' } = asObject(given[position]);
        const [source, detailType] = [String(Source), String(DetailType)];
        const eventBusName = String(EventBusName);
        events.push({ id: entry.EventId, source, detailType, detail: Detail, eventBusName });
      }
      // A partial failure is this task's failure: nobody else looks at the reply.
      if (reply.FailedEntryCount > 0) throw taskError('EventBridge.FailedEntry', JSON.stringify(reply));
      return reply;
    },
    publish({ TopicArn, Subject, Message }) {
      const id = randomUUID();
      const subject = Subject === undefined ? {} : { subject: String(Subject) };
      notifications.push({ id, topicArn: String(TopicArn), ...subject, message: Message });
      return { MessageId: id };
    },
  };
}
