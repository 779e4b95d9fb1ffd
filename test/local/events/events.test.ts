import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EventRule, type Local, startLocal } from '../../../src/local/index.js';
import { createHarness, failure, single } from '../stepFunctions/harness.js';

let local: Local;
let client: EventBridgeClient;

beforeAll(async () => {
  local = await startLocal();
  client = new EventBridgeClient(local.clientConfig('events'));
});
afterAll(async () => {
  client.destroy();
  await local.stop();
});

const entry = (change: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  ...{ Source: 'trading', DetailType: 'SignalGenerated', Detail: '{"correlation_id":"c-1"}' },
  ...change,
});
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

/** A function that keeps what it gets, behind a rule for one source. */
function listener(name: string, handle: (event: unknown) => unknown = () => undefined) {
  const events: unknown[] = [];
  local.lambda.register(
    name,
    (event) => {
      events.push(event);
      return handle(event);
    },
    { retryDelayMs: 1 },
  );
  local.events.addRule({ name, pattern: { source: [name] }, target: { functionName: name } });
  return events;
}

describe('PutEvents refuses', () => {
  it('a request as a whole that is too large or has no entries', async () => {
    expect(await failure(put())).toBe('ValidationException');
    expect(await failure(put(...Array.from({ length: 11 }, () => entry())))).toBe('ValidationException');
    const half = JSON.stringify({ text: 'é'.repeat(65_536) });
    expect(await failure(put(entry({ Detail: half }), entry({ Detail: half })))).toBe('ValidationException');
    expect(local.events.recorded).toEqual([]);
  });

  it('an entry by itself, and takes its neighbours', async () => {
    const { FailedEntryCount, Entries } = await put(
      entry({ Detail: '{"broken"' }),
      entry({ Detail: '[1]' }),
      entry({ Source: undefined }),
      entry({ DetailType: '' }),
      entry({ Source: 'aws.s3' }),
      entry(),
    );
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      ...['MalformedDetail', 'MalformedDetail', 'InvalidArgument', 'InvalidArgument'],
      ...['NotAuthorizedForSourceException', undefined],
    ]);
    expect(local.events.recorded.map(({ id }) => id)).toEqual([Entries?.[5]?.EventId]);
  });
});

describe('an event', () => {
  it('has the shape that AWS gives it', async () => {
    const Time = new Date('2026-11-25T20:00:00.700Z');
    const { Entries } = await put(entry({ Time, Resources: ['arn:aws:s3:::b'] }));
    expect(local.events.recorded.at(-1)).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'SignalGenerated',
      source: 'trading',
      account: '000000000000',
      time: '2026-11-25T20:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:s3:::b'],
      detail: { correlation_id: 'c-1' },
    });
    expect(local.meter.events.calls.PutEvents).toBeGreaterThan(0);
  });

  it('goes to the functions whose rules it matches, and is tried again until it succeeds', async () => {
    let calls = 0;
    const events = listener('flaky', () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
    });
    const others = listener('others');
    await put(entry({ Source: 'flaky' }));
    await vi.waitFor(() => expect(events).toHaveLength(3));
    expect(events[2]).toEqual(local.events.recorded.at(-1));
    expect(others).toEqual([]);
  });

  it('may come twice', async () => {
    const events = listener('twice');
    local.faults.next('events', 'PutEvents', 'duplicate');
    await put(entry({ Source: 'twice' }));
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events[0]).toEqual(events[1]);
  });

  it('is put twice when the reply was lost', async () => {
    const events = listener('lost');
    local.faults.next('events', 'PutEvents', 'resetAfter');
    await put(entry({ Source: 'lost' }));
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events[0]).not.toMatchObject({ id: (events[1] as { id: string }).id });
  });

  it('goes to queues, of its own bus only', async () => {
    const { queueUrl } = await local.createQueue('events');
    const pattern = { source: ['to-queue'] };
    local.events.addRule({ name: 'queue', pattern, target: { queueUrl }, eventBusName: 'orders' });
    await put(entry({ Source: 'to-queue' }));
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/orders';
    await put(entry({ Source: 'to-queue', EventBusName: bus, Detail: '{"of":"orders"}' }));
    const sqs = new SQSClient(local.clientConfig('sqs'));
    const receive = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      WaitTimeSeconds: 5,
      MaxNumberOfMessages: 10,
    });
    const { Messages = [] } = await sqs.send(receive);
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body).detail)).toEqual([{ of: 'orders' }]);
  });

  it('that cannot reach its target is reported', async () => {
    const queueUrl = local.endpoints.sqs.concat('/000000000000/nowhere');
    local.events.addRule({ name: 'nowhere', pattern: { source: ['nowhere'] }, target: { queueUrl } });
    const { Entries } = await put(entry({ Source: 'nowhere' }));
    await vi.waitFor(() => expect(local.events.failedDeliveries).toHaveLength(1));
    expect(local.events.failedDeliveries[0]).toMatchObject({
      rule: 'nowhere',
      eventId: Entries?.[0]?.EventId,
    });
  });
});

describe('a state machine', () => {
  const putEvents = (Entries: unknown) =>
    single({ Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries } });

  it('puts events that go the same way', async () => {
    const harness = createHarness(local);
    const events = listener('machine');
    const Entries = [{ Source: 'machine', DetailType: 'WorkflowFailed', Detail: { 'reason.$': '$.reason' } }];
    await harness.outputOf(putEvents(Entries), { reason: 'timeout' });
    await vi.waitFor(() =>
      expect(events).toMatchObject([{ 'detail-type': 'WorkflowFailed', detail: { reason: 'timeout' } }]),
    );
  });

  it('fails with the entries that were refused, and keeps none of them', async () => {
    const harness = createHarness(local);
    const before = local.stepFunctions.events.length;
    const refused = await harness.run(putEvents([{ Source: 'aws.s3', DetailType: 'a', Detail: {} }]));
    expect(refused).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' });
    expect(await harness.run(putEvents([]))).toMatchObject({ error: 'EventBridge.ValidationException' });
    expect(local.stepFunctions.events).toHaveLength(before);
  });
});

describe('a rule is refused', () => {
  const rule = { name: 'rule', pattern: { source: ['a'] }, target: { functionName: 'twice' } };
  it.each<[string, object, RegExp]>([
    ['without a name', { name: ' ' }, /^name: expected a non-blank string/],
    ['with a prefix', { pattern: { source: [{ prefix: 'a' }] } }, /^pattern.source: expected/],
    ['without a target', { target: undefined }, /^target: expected \{ functionName \} or \{ queueUrl \}/],
    ['with two targets', { target: { functionName: 'twice', queueUrl: 'q' } }, /^target: expected/],
    ['for a function that is not there', { target: { functionName: 'nobody' } }, /Function not found/],
    ['for a FIFO queue without a group', { target: { queueUrl: 'http://q.fifo' } }, /messageGroupId/],
  ])('%s', (_what, change, message) => {
    const given: EventRule = { ...rule, ...change };
    expect(() => local.events.addRule(given)).toThrow(message);
  });
});
