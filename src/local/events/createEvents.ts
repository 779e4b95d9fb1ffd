import type { SQSClient } from '@aws-sdk/client-sqs';
import { expectId, invalidArgument } from '../../arguments.js';
import type { EventBridgeEvent } from '../../invocation/index.js';
import { loadSQS } from '../../peers.js';
import type { FaultPlan } from '../faults.js';
import type { InternalLambdaRunner } from '../lambdaRunner.js';
import { type EventPattern, expectPattern, matchesPattern } from './eventPattern.js';
import { type BusEvent, type RefusedEntry, readEntries } from './readEntries.js';

/** Where the events of a rule go. */
export type EventTarget =
  /** A function that `local.lambda.register` made known, invoked asynchronously: what fails is tried again as such. */
  | { readonly functionName: string }
  /** A queue, whose messages are the events as JSON. A FIFO queue needs a group, and drops by content if it is told to. */
  | { readonly queueUrl: string; readonly messageGroupId?: string };

/** Sends the events that a pattern describes to a target. */
export interface EventRule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly target: EventTarget;
  /** @default 'default' */
  readonly eventBusName?: string;
}

/** An event that did not reach a target. */
export interface FailedDelivery {
  readonly rule: string;
  readonly eventId: string;
  readonly error: unknown;
}

/** EventBridge on loopback: `PutEvents` records events and delivers them to rules, at least once. */
export interface LocalEvents {
  /** The events that were taken, oldest first, in AWS's shape. */
  readonly recorded: readonly EventBridgeEvent[];
  /** What did not reach its target: no such function or queue. A function's own failure is the function's (`onFailure`). */
  readonly failedDeliveries: readonly FailedDelivery[];
  /**
   * Sends events to a target from now on; the same name again replaces the rule.
   *
   * @throws FanfoldError `InvalidArgument` for a pattern of other than exact values, or a target that is none.
   */
  addRule(rule: EventRule): void;
}

/** What `PutEvents` answers. */
export interface PutEventsReply {
  readonly FailedEntryCount: number;
  readonly Entries: readonly ({ readonly EventId: string } | RefusedEntry)[];
}

/** With what the wire and the state machines call. */
export interface InternalEvents extends LocalEvents {
  putEvents(request: Readonly<Record<string, unknown>>): PutEventsReply;
}

export interface EventsParts {
  readonly runner: InternalLambdaRunner;
  readonly plan: FaultPlan;
  readonly sqs: () => Promise<SQSClient>;
  readonly now: () => number;
}

function checkTarget(runner: InternalLambdaRunner, target: EventTarget): void {
  if (typeof target !== 'object' || target === null || 'functionName' in target === 'queueUrl' in target)
    throw invalidArgument('target', '{ functionName } or { queueUrl }', target);
  if ('functionName' in target) {
    runner.find(target.functionName);
    return;
  }
  const { queueUrl, messageGroupId } = target;
  if (typeof queueUrl !== 'string' || queueUrl === '')
    throw invalidArgument('target.queueUrl', "a queue's URL", queueUrl);
  if (queueUrl.endsWith('.fifo')) expectId('target.messageGroupId', messageGroupId);
}

export function createEvents({ runner, plan, sqs, now }: EventsParts): InternalEvents {
  const rules = new Map<string, EventRule>();
  const recorded: EventBridgeEvent[] = [];
  const failedDeliveries: FailedDelivery[] = [];

  async function deliver({ target }: EventRule, event: EventBridgeEvent): Promise<void> {
    if ('functionName' in target) {
      await runner.invokeAsync(target.functionName, event);
      return;
    }
    const { SendMessageCommand } = await loadSQS();
    const { queueUrl: QueueUrl, messageGroupId: MessageGroupId } = target;
    const message = { QueueUrl, MessageBody: JSON.stringify(event) };
    const client = await sqs();
    await client.send(
      new SendMessageCommand({ ...message, ...(MessageGroupId === undefined ? {} : { MessageGroupId }) }),
    );
  }

  function route({ eventBusName, event }: BusEvent): void {
    recorded.push(event);
    for (const rule of rules.values()) {
      if ((rule.eventBusName ?? 'default') !== eventBusName || !matchesPattern(rule.pattern, event)) continue;
      const times = plan.onDelivery('events.PutEvents') === 'once' ? 1 : 2;
      if (times === 2) plan.happened('duplicate');
      for (let time = 0; time < times; time++) {
        // Nobody waits for it: the caller has its answer before a target has the event.
        deliver(rule, event).catch((error: unknown) => {
          failedDeliveries.push({ rule: rule.name, eventId: event.id, error });
        });
      }
    }
  }

  return {
    recorded,
    failedDeliveries,
    addRule(rule) {
      expectId('name', rule?.name);
      expectPattern('pattern', rule.pattern);
      checkTarget(runner, rule.target);
      if (rule.eventBusName !== undefined) expectId('eventBusName', rule.eventBusName);
      rules.set(rule.name, rule);
    },
    putEvents({ Entries: given }) {
      const read = readEntries(given, now());
      const Entries = read.map((entry) => {
        if ('ErrorCode' in entry) return entry;
        route(entry);
        return { EventId: entry.event.id };
      });
      return { FailedEntryCount: read.filter((entry) => 'ErrorCode' in entry).length, Entries };
    },
  };
}
