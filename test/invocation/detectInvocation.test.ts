import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectInvocation, type InvocationMode } from '../../src/invocation/index.js';
import * as events from './events.js';

const known: [string, unknown, InvocationMode][] = [
  ['SQS records', events.sqs, 'sqs'],
  ['SNS records', events.sns, 'sns'],
  ['S3 records', events.s3, 's3'],
  ['DynamoDB stream records', events.dynamoStream, 'dynamodb-stream'],
  ['Kinesis records', events.kinesis, 'kinesis'],
  ['an MSK event', events.msk, 'kafka'],
  ['a self-managed Kafka event', events.selfManagedKafka, 'kafka'],
  ['an EventBridge event', events.eventBridge, 'eventbridge'],
  ['a scheduled rule', events.rule, 'schedule'],
  ['an EventBridge Scheduler event', events.scheduler, 'schedule'],
  ['a REST API request', events.restApi, 'http'],
  ['an HTTP API request', events.httpApi, 'http'],
  ['a function URL request', events.functionUrl, 'http'],
  ['a load balancer request', events.alb, 'http'],
  ['a marked Step Functions call', events.stepFunctions, 'step-functions'],
];

describe('detectInvocation', () => {
  for (const [name, value] of Object.entries(events.lookAlikes)) {
    it(`takes ${name} for a direct call`, () => {
      expect(detectInvocation(value)).toEqual({ mode: 'direct', payload: value });
    });
  }

  it.each([null, undefined, 0, '', 'text', true, [], [1], {}])('takes %j for a direct call', (value) => {
    expect(detectInvocation(value)).toEqual({ mode: 'direct', payload: value });
  });

  for (const [name, event, mode] of known) {
    it(`recognises ${name}, and leaves it as it is`, () => {
      const before = structuredClone(event);
      expect(detectInvocation(event).mode).toBe(mode);
      expect(event).toEqual(before);
    });
  }

  it('never throws and never changes what it is shown, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const before = JSON.stringify(value);
        detectInvocation(value);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });

  it('never throws on a known event with parts cut off or replaced', () => {
    const mutate = (value: unknown, path: readonly number[], by: unknown): unknown => {
      if (path.length === 0 || typeof value !== 'object' || value === null) return by;
      const [step = 0, ...rest] = path;
      const keys = Object.keys(value);
      const key = keys[step % Math.max(1, keys.length)];
      if (key === undefined) return by;
      const part = mutate(Reflect.get(value, key), rest, by);
      return Array.isArray(value) ? value.with(Number(key), part) : { ...value, [key]: part };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.array(fc.nat(20), { maxLength: 4 }),
        fc.jsonValue(),
        ([, event], path, by) => {
          expect(detectInvocation(mutate(event, path, by))).toHaveProperty('mode');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hands out records with their types', () => {
    const invocation = detectInvocation(events.sqs);
    if (invocation.mode !== 'sqs') throw new Error(invocation.mode);
    expect(invocation.records[0]?.attributes.ApproximateReceiveCount).toBe('2');
  });

  it('takes the mark off a Step Functions call', () => {
    expect(detectInvocation(events.stepFunctions)).toEqual({
      mode: 'step-functions',
      stepFunctions: events.stepFunctions.stepFunctions,
      payload: { ticker: 'AMZN' },
    });
  });

  it('takes what stands alone under payload beside the mark for the payload', () => {
    const call = { stepFunctions: {}, payload: [1, 2] };
    expect(detectInvocation(call)).toEqual({ mode: 'step-functions', stepFunctions: {}, payload: [1, 2] });
    const more = { stepFunctions: {}, payload: [1, 2], jobId: 'j' };
    expect(detectInvocation(more)).toMatchObject({ payload: { payload: [1, 2], jobId: 'j' } });
  });

  it('ignores a mark whose fields are no text', () => {
    const call = { stepFunctions: { executionId: 1, taskToken: {} }, a: 1 };
    expect(detectInvocation(call)).toEqual({ mode: 'step-functions', stepFunctions: {}, payload: { a: 1 } });
  });

  it('keeps a __proto__ field of a marked payload a field', () => {
    const invocation = detectInvocation(JSON.parse('{"stepFunctions":{},"__proto__":{"admin":true},"a":1}'));
    if (invocation.mode !== 'step-functions') throw new Error(invocation.mode);
    expect(invocation.payload).not.toHaveProperty('admin');
    expect(Object.hasOwn(invocation.payload as object, '__proto__')).toBe(true);
  });

  it.each([
    ['rest', events.restApi, 'POST', '/mint'],
    ['http-api', events.httpApi, 'POST', '/mint'],
    ['function-url', events.functionUrl, 'GET', '/'],
    ['alb', events.alb, 'GET', '/lambda'],
  ])('names the front door %s, with method and path', (frontDoor, event, method, path) => {
    expect(detectInvocation(event)).toMatchObject({ mode: 'http', frontDoor, method, path, event });
  });

  it('hands out body and headers of a request', () => {
    expect(detectInvocation(events.httpApi)).toMatchObject({
      body: 'eyJhIjoxfQ==',
      isBase64Encoded: true,
      headers: { 'content-type': 'application/json' },
    });
    expect(detectInvocation({ ...events.alb, body: null, headers: null })).toMatchObject({
      body: undefined,
      isBase64Encoded: false,
      headers: {},
    });
  });
});
