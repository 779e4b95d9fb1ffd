import { detectHttp, type HttpInvocation } from './detectHttp.js';
import { isJsonObject, type JsonObject, ownField } from './ownField.js';
import { detectRecords, type RecordInvocation } from './recordEvents.js';
import { readStepFunctionsMark, type StepFunctionsMark } from './stepFunctionsMark.js';

/** An event from an EventBridge bus, or from one of its schedules. */
export interface EventBridgeEvent {
  readonly id: string;
  readonly version: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly source: string;
  readonly 'detail-type': string;
  /** An object, except that EventBridge Scheduler sends the string `"{}"`. */
  readonly detail: unknown;
}

export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  /** Base64. */
  readonly key?: string | null;
  /** Base64; absent for a tombstone. */
  readonly value?: string | null;
  readonly headers: readonly { readonly [name: string]: readonly number[] }[];
}

export interface KafkaEvent {
  readonly eventSource: 'aws:kafka' | 'SelfManagedKafka';
  readonly eventSourceArn?: string;
  readonly bootstrapServers?: string;
  /** By topic and partition, as `topic-0`. */
  readonly records: { readonly [topicPartition: string]: readonly KafkaRecord[] };
}

/** How an event reached the function, and what is in it; tell the members apart by `mode`. */
export type Invocation =
  | RecordInvocation
  | HttpInvocation
  | { readonly mode: 'eventbridge' | 'schedule'; readonly event: EventBridgeEvent }
  | { readonly mode: 'kafka'; readonly event: KafkaEvent }
  | {
      readonly mode: 'step-functions';
      readonly stepFunctions: StepFunctionsMark;
      /** The input without the mark. */
      readonly payload: unknown;
    }
  | { readonly mode: 'direct'; readonly payload: unknown };

/** The names of the ways in which an event can arrive. */
export type InvocationMode = Invocation['mode'];

function detectEventBridge(event: JsonObject): Invocation | undefined {
  const source = ownField(event, 'source');
  const detailType = ownField(event, 'detail-type');
  if (typeof source !== 'string' || typeof detailType !== 'string') return undefined;
  if (!Object.hasOwn(event, 'detail')) return undefined;
  const isScheduler = source === 'aws.events' || source === 'aws.scheduler';
  const mode = isScheduler && detailType === 'Scheduled Event' ? 'schedule' : 'eventbridge';
  return { mode, event: event as unknown as EventBridgeEvent };
}

function detectKafka(event: JsonObject): Invocation | undefined {
  const source = ownField(event, 'eventSource');
  if (source !== 'aws:kafka' && source !== 'SelfManagedKafka') return undefined;
  const records = ownField(event, 'records');
  if (!isJsonObject(records) || !Object.values(records).every(Array.isArray)) return undefined;
  return { mode: 'kafka', event: event as unknown as KafkaEvent };
}

/**
 * Says how an event reached the function. Pure: it never throws on any JSON value, and never changes the event.
 *
 * The list is closed, and everything else is `direct`: authorizers, WebSocket events, an S3 test event, an empty
 * `Records`, one with mixed or unknown sources, and payloads that merely have a `source` or a `body` of their own.
 * A call from Step Functions has no reliable mark, so that it counts as one only when the state machine put an
 * object named `stepFunctions` into the input. SNS inside SQS is `sqs`: `createWorker` unwraps the bodies.
 *
 * An event can be forged by whoever may invoke the function: `mode` is a routing hint, not an authorisation.
 *
 * @example
 * ```ts
 * const invocation = detectInvocation(event);
 * if (invocation.mode === 'sqs') console.log(invocation.records.length);
 * ```
 */
export function detectInvocation(event: unknown): Invocation {
  if (!isJsonObject(event)) return { mode: 'direct', payload: event };
  const { stepFunctions, payload } = readStepFunctionsMark(event);
  if (stepFunctions !== undefined) return { mode: 'step-functions', stepFunctions, payload };
  return (
    detectRecords(ownField(event, 'Records')) ??
    detectEventBridge(event) ??
    detectKafka(event) ??
    detectHttp(event) ?? { mode: 'direct', payload: event }
  );
}
