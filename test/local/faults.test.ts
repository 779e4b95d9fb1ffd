import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFaultPlan } from '../../src/local/faults.js';
import { random } from '../../src/local/random.js';

const rates = {
  throttleRate: 0.2,
  resetBeforeRate: 0.2,
  resetAfterRate: 0.2,
  killRate: 0.2,
  duplicateRate: 0.5,
};

describe('createFaultPlan', () => {
  it.each([
    [{ throttleRate: 1.1 }, 'faults.throttleRate'],
    [{ killRate: -0.1 }, 'faults.killRate'],
    [{ throttleRate: 0.6, resetAfterRate: 0.6 }, 'faults'],
    [{ latencyMs: -1 }, 'faults.latencyMs'],
    [{ latencyMs: { min: 5, max: 4 } }, 'faults.latencyMs'],
    [{ seed: 0.5 }, 'faults.seed'],
  ])('refuses %j', (options, field) => {
    expect(() => createFaultPlan(options)).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: expect.stringContaining(`${field}:`) }),
    );
  });

  it('does nothing by default', () => {
    const plan = createFaultPlan();
    for (let call = 0; call < 100; call++) {
      expect(plan.onCall('sqs', 'SendMessage', ['m'])).toBeUndefined();
      expect(plan.onDelivery()).toBe('once');
      expect(plan.latencyMs()).toBe(0);
    }
  });

  it('does the same again under the same seed, and something else under another', () => {
    const run = (seed: number) => {
      const plan = createFaultPlan({ ...rates, latencyMs: { min: 1, max: 9 }, seed });
      return Array.from({ length: 200 }, (_, index) => [
        plan.onCall('sqs', 'SendMessage', [`m${index}`]),
        plan.onDelivery(),
        plan.latencyMs(),
      ]);
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        expect(run(seed)).toEqual(run(seed));
        expect(run(seed)).not.toEqual(run(seed + 1));
      }),
      { numRuns: 20 },
    );
  });

  it('strikes about as often as it was told', () => {
    const plan = createFaultPlan(rates);
    const struck = { throttle: 0, resetBefore: 0, resetAfter: 0, killBefore: 0, killAfter: 0 };
    for (let call = 0; call < 10_000; call++) {
      const fault = plan.onCall('dynamodb', 'UpdateItem', [String(call)]);
      if (fault) struck[fault] += 1;
    }
    for (const name of ['throttle', 'resetBefore', 'resetAfter'] as const) {
      expect(struck[name]).toBeGreaterThan(1_800);
      expect(struck[name]).toBeLessThan(2_200);
    }
    expect(struck.killBefore).toBeGreaterThan(800);
    expect(struck.killAfter).toBeGreaterThan(800);
  });

  it('kills nothing but invocations whose event comes again, and each message only so often', () => {
    const plan = createFaultPlan({ killRate: 1, maxKillsPerMessage: 2 });
    expect(plan.onCall('sqs', 'SendMessage', undefined)).toBeUndefined();
    expect(plan.onCall('sqs', 'SendMessage', [])).toBeUndefined();
    const kills = Array.from({ length: 5 }, () => plan.onCall('sqs', 'SendMessage', ['a']));
    expect(kills.map((fault) => fault !== undefined)).toEqual([true, true, false, false, false]);
    expect(plan.onCall('sqs', 'SendMessage', ['a', 'b'])).toBeUndefined();
    expect(plan.onCall('sqs', 'SendMessage', ['b'])).toBeDefined();
  });

  it('plays a script call by call, for the operation that it names', () => {
    const plan = createFaultPlan();
    plan.next('dynamodb', 'UpdateItem', 'resetAfter');
    plan.next('dynamodb', 'UpdateItem', 'throttle');
    expect(plan.onCall('dynamodb', 'GetItem', undefined)).toBeUndefined();
    expect(plan.onCall('dynamodb', 'UpdateItem', undefined)).toBe('resetAfter');
    expect(plan.onCall('dynamodb', 'UpdateItem', undefined)).toBe('throttle');
    expect(plan.onCall('dynamodb', 'UpdateItem', undefined)).toBeUndefined();
  });

  it('keeps a scripted kill for a call that an invocation makes', () => {
    const plan = createFaultPlan();
    plan.next('sqs', 'SendMessage', 'killAfter');
    expect(plan.onCall('sqs', 'SendMessage', undefined)).toBeUndefined();
    expect(plan.onCall('sqs', 'SendMessage', [])).toBe('killAfter');
  });

  it('plays a scripted duplicate once', () => {
    const plan = createFaultPlan();
    plan.next('sqs', 'ReceiveMessage', 'duplicate');
    expect([plan.onDelivery(), plan.onDelivery()]).toEqual(['twiceAtOnce', 'once']);
  });
});

describe('random', () => {
  it('depends on each of its arguments, and lies from 0 up to 1', () => {
    const values = [random(1, 'a', 0), random(2, 'a', 0), random(1, 'b', 0), random(1, 'a', 1)];
    expect(new Set(values).size).toBe(4);
    expect(random(1, 'a', 0)).toBe(values[0]);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
    }
  });
});
