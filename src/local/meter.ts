import { bodyText, readBody, type WireCall, type WireLayer, type WireReply } from './wire.js';

/** Says what a call to DynamoDB is for, by its operation and its input as it is on the wire; `undefined` for nothing in particular. */
export type CallLabel = (operation: string, input: Readonly<Record<string, unknown>>) => string | undefined;

/** What the calls made so far have consumed; calls that were lost or refused on the way to the service are not among them. */
export interface Meter {
  readonly dynamodb: {
    /** By operation. */
    readonly calls: Readonly<Record<string, number>>;
    /**
     * As the emulator reports it: indexes are not in it. A condition that is not met costs one unit, though the
     * service, too, reports none.
     */
    readonly writeUnits: number;
    readonly readUnits: number;
    /** Of calls that were given a label. */
    readonly writeUnitsByLabel: Readonly<Record<string, number>>;
  };
  readonly sqs: {
    /** Those of the event source mappings included. */
    readonly calls: number;
    /** By action. */
    readonly callsByAction: Readonly<Record<string, number>>;
    readonly messages: { readonly sent: number; readonly received: number; readonly deleted: number };
  };
  readonly s3: { readonly calls: Readonly<Record<string, number>> };
  readonly lambda: { readonly calls: Readonly<Record<string, number>> };
  readonly sfn: { readonly calls: Readonly<Record<string, number>> };
  readonly events: { readonly calls: Readonly<Record<string, number>> };
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);
const metered = new Set([...writes, 'GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const add = (to: Record<string, number>, name: string, amount: number) => {
  to[name] = (to[name] ?? 0) + amount;
};

/** Has the reply say what was consumed. Nobody checks the signature that the request already carries. */
function askForCapacity({ request }: WireCall): void {
  const body = bodyText(request);
  if (!body.startsWith('{"') || body.includes('"ReturnConsumedCapacity"')) return;
  const asking = Buffer.from(`{"ReturnConsumedCapacity":"TOTAL",${body.slice(1)}`);
  request.body = asking;
  request.headers['content-length'] = String(asking.length);
}

function consumedUnits(reply: Record<string, unknown>): number {
  const consumed = reply.ConsumedCapacity;
  const list: unknown[] = Array.isArray(consumed) ? consumed : [consumed];
  return list.reduce<number>((sum, entry) => sum + Number(asRecord(entry).CapacityUnits ?? 0), 0);
}

/** Counts what passes; meant to stand next to the wire, behind the faults. */
export function createMeter(label?: CallLabel): { readonly meter: Meter; readonly layer: WireLayer } {
  const calls: Record<string, number> = {};
  const writeUnitsByLabel: Record<string, number> = {};
  const dynamodb = { calls, writeUnits: 0, readUnits: 0, writeUnitsByLabel };
  const callsByAction: Record<string, number> = {};
  const messages = { sent: 0, received: 0, deleted: 0 };
  const sqs = { calls: 0, callsByAction, messages };
  const others: Record<'s3' | 'lambda' | 'sfn' | 'events', { calls: Record<string, number> }> = {
    s3: { calls: {} },
    lambda: { calls: {} },
    sfn: { calls: {} },
    events: { calls: {} },
  };

  async function meterDynamoDB(call: WireCall, next: () => Promise<WireReply>): Promise<WireReply> {
    const { operation, request } = call;
    add(calls, operation, 1);
    if (!metered.has(operation)) return next();
    const name = label?.(operation, asRecord(JSON.parse(bodyText(request))));
    askForCapacity(call);
    const reply = await next();
    const answer = asRecord(JSON.parse((await readBody(reply)).toString() || '{}'));
    const refused = String(answer.__type).endsWith('#ConditionalCheckFailedException');
    const units = refused ? 1 : consumedUnits(answer);
    if (!writes.has(operation)) dynamodb.readUnits += units;
    else {
      dynamodb.writeUnits += units;
      if (name !== undefined) add(writeUnitsByLabel, name, units);
    }
    return reply;
  }

  async function meterSqs({ operation }: WireCall, next: () => Promise<WireReply>): Promise<WireReply> {
    sqs.calls += 1;
    add(callsByAction, operation, 1);
    const reply = await next();
    if (reply.response.statusCode !== 200) return reply;
    if (operation === 'SendMessage') messages.sent += 1;
    if (operation === 'DeleteMessage') messages.deleted += 1;
    if (!['SendMessageBatch', 'DeleteMessageBatch', 'ReceiveMessage'].includes(operation)) return reply;
    const text = (await readBody(reply)).toString();
    // In a body that is itself JSON these quotes are escaped; parsing a megabyte of messages twice would cost more.
    if (operation === 'ReceiveMessage') messages.received += text.split('"ReceiptHandle":').length - 1;
    else {
      const done = length(asRecord(JSON.parse(text || '{}')).Successful);
      messages[operation === 'SendMessageBatch' ? 'sent' : 'deleted'] += done;
    }
    return reply;
  }

  return {
    meter: { dynamodb, sqs, ...others },
    layer: (call, next) => {
      if (call.service === 'dynamodb') return meterDynamoDB(call, next);
      if (call.service === 'sqs') return meterSqs(call, next);
      add(others[call.service].calls, call.operation, 1);
      return next();
    },
  };
}
