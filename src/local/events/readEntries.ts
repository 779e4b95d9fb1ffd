import { randomUUID } from 'node:crypto';
import { FanfoldError } from '../../errors.js';
import type { EventBridgeEvent } from '../../invocation/index.js';
import { asObject, isObject } from '../asObject.js';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../clientConfig.js';

/** Of a `PutEvents` request. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;
/** What EventBridge counts for a time. */
const TIME_BYTES = 14;

/** An event on its way to a bus. */
export interface BusEvent {
  readonly eventBusName: string;
  readonly event: EventBridgeEvent;
}

/** Why one entry of a request was not taken. */
export interface RefusedEntry {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

type Entry = Readonly<Record<string, unknown>>;

const bytesOf = (value: unknown) => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
const resourcesOf = ({ Resources }: Entry): readonly unknown[] => (Array.isArray(Resources) ? Resources : []);

function sizeOf(entry: Entry): number {
  const { Time, Source, DetailType, Detail } = entry;
  const texts = [Source, DetailType, Detail, ...resourcesOf(entry)];
  return texts.reduce<number>(
    (sum, text) => sum + bytesOf(text),
    Time === undefined || Time === null ? 0 : TIME_BYTES,
  );
}

const missing = (field: string): RefusedEntry => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
});

function parseDetail(text: string): unknown {
  try {
    const detail: unknown = JSON.parse(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function readEntry(entry: Entry, now: number): BusEvent | RefusedEntry {
  const { Time, Source, DetailType, Detail, EventBusName } = entry;
  if (typeof Source !== 'string' || Source === '') return missing('Source');
  if (typeof DetailType !== 'string' || DetailType === '') return missing('DetailType');
  if (typeof Detail !== 'string' || Detail === '') return missing('Detail');
  if (Source.startsWith('aws.')) {
    const ErrorMessage = 'Not authorized for the source.';
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage };
  }
  const detail = parseDetail(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  // The wire counts in seconds, and an event's time has no fractions of them.
  const seconds = Math.floor(typeof Time === 'number' ? Time : now / 1_000);
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: LOCAL_ACCOUNT,
    time: new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
    region: LOCAL_REGION,
    resources: resourcesOf(entry).map(String),
    detail,
  };
  // A bus is given by its name or by its ARN, which ends with the name.
  const eventBusName = typeof EventBusName === 'string' ? EventBusName.replace(/^arn:.*\//, '') : 'default';
  return { eventBusName, event };
}

/**
 * Reads the entries of a `PutEvents` request, each taken or refused by itself.
 *
 * @throws FanfoldError `ValidationException` for a request that is refused as a whole: no entries, more than ten, more
 * than 256 KB.
 */
export function readEntries(given: unknown, now: number): readonly (BusEvent | RefusedEntry)[] {
  const entries = Array.isArray(given) ? given.map(asObject) : [];
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    const constraint =
      entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ENTRIES}`;
    throw new FanfoldError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_BYTES) {
    const message = 'Total size of the entries in the request is over the limit.';
    throw new FanfoldError('ValidationException', message);
  }
  return entries.map((entry) => readEntry(entry, now));
}
