import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionReasonOf, isEager, toleratedFailures } from '../../src/aggregation/completionRules.js';
import type { FanInMeta } from '../../src/aggregation/fanInMeta.js';

const meta: FanInMeta = {
  id: 'a',
  phase: 'open',
  leafSize: 4,
  maxItems: 8,
  total: 8,
  cutShort: false,
  allocated: 8,
  lastAllocation: undefined,
  limits: {},
  storeResults: false,
  deadlineAt: undefined,
  dueAt: undefined,
  expiresAt: 1,
  done: new Set(),
  tally: { succeeded: 0, failed: 0, timedOut: 0, cancelled: 0 },
  eagerFailures: new Set(),
  closing: undefined,
  decision: undefined,
  lease: undefined,
  recipient: undefined,
  delivery: undefined,
};
const full = { ...meta, done: new Set([0, 1]), tally: { ...meta.tally, succeeded: 8 } };
const withFailures = (failed: number) => ({ ...full.tally, succeeded: 8 - failed, failed });

describe('toleratedFailures', () => {
  it('is the smaller of the count and the share of the total, whole percentages exact', () => {
    expect(toleratedFailures({}, 10)).toBeUndefined();
    expect(toleratedFailures({ toleratedFailureCount: 3 }, undefined)).toBe(3);
    expect(toleratedFailures({ toleratedFailurePercentage: 5 }, 1_000)).toBe(50);
    expect(toleratedFailures({ toleratedFailurePercentage: 5 }, undefined)).toBeUndefined();
    expect(toleratedFailures({ toleratedFailureCount: 3, toleratedFailurePercentage: 50 }, 10)).toBe(3);
    expect(toleratedFailures({ toleratedFailureCount: 7, toleratedFailurePercentage: 50 }, 10)).toBe(5);
    for (let percentage = 0; percentage <= 100; percentage += 1) {
      expect(toleratedFailures({ toleratedFailurePercentage: percentage }, 100)).toBe(percentage);
    }
  });
});

describe('isEager', () => {
  it('watches up to 200 tolerated failures one by one, and a percentage of an unknown total', () => {
    const eager = (limits: FanInMeta['limits'], total: number | undefined) => isEager({ limits, total });
    expect(eager({}, 10)).toBe(false);
    expect(eager({ minSuccessful: 1 }, 10)).toBe(false);
    expect(eager({ toleratedFailureCount: 200 }, 10_000)).toBe(true);
    expect(eager({ toleratedFailureCount: 201 }, 10_000)).toBe(false);
    expect(eager({ toleratedFailurePercentage: 5 }, 1_000)).toBe(true);
    expect(eager({ toleratedFailurePercentage: 5 }, 10_000)).toBe(false);
    expect(eager({ toleratedFailurePercentage: 5 }, undefined)).toBe(true);
  });
});

describe('completionReasonOf', () => {
  it('has none while items are unsettled and no rule says otherwise', () => {
    expect(completionReasonOf(meta)).toBeUndefined();
    expect(completionReasonOf({ ...full, total: undefined })).toBeUndefined();
    expect(completionReasonOf(full)).toBe('ALL_COMPLETED');
  });

  it('counts one failure more than is tolerated, from either side, once', () => {
    const limits = { toleratedFailureCount: 2 };
    const early = (...indices: number[]) =>
      completionReasonOf({ ...meta, limits, eagerFailures: new Set(indices) });
    expect(early(1, 5)).toBeUndefined();
    expect(early(1, 5, 6)).toBe('FAILURE_TOLERANCE_EXCEEDED');
    const both = { ...meta, limits, eagerFailures: new Set([1, 2]), tally: { ...meta.tally, failed: 2 } };
    expect(completionReasonOf(both)).toBeUndefined();
    expect(completionReasonOf({ ...full, limits, tally: withFailures(3) })).toBe(
      'FAILURE_TOLERANCE_EXCEEDED',
    );
    expect(completionReasonOf({ ...full, limits, tally: withFailures(2) })).toBe('ALL_COMPLETED');
  });

  it('takes the successes that the root or its caller knows of', () => {
    const limits = { minSuccessful: 3 };
    expect(completionReasonOf({ ...meta, limits }, 2)).toBeUndefined();
    expect(completionReasonOf({ ...meta, limits }, 3)).toBe('MIN_SUCCESSFUL_REACHED');
    expect(completionReasonOf({ ...meta, limits, tally: { ...meta.tally, succeeded: 3 } })).toBe(
      'MIN_SUCCESSFUL_REACHED',
    );
  });

  it('says why it was closed once all is settled, unless the workers were faster', () => {
    const deadline = { completionReason: 'DEADLINE_EXCEEDED', message: '' } as const;
    const cancelled = { completionReason: 'CANCELLED', message: '' } as const;
    const limits = { toleratedFailureCount: 0 };
    const timedOut = { ...full.tally, succeeded: 7, timedOut: 1 };
    expect(
      completionReasonOf({ ...meta, limits, closing: deadline, eagerFailures: new Set([1]) }),
    ).toBeUndefined();
    expect(completionReasonOf({ ...full, limits, closing: deadline, tally: timedOut })).toBe(
      'DEADLINE_EXCEEDED',
    );
    expect(completionReasonOf({ ...full, closing: cancelled, tally: { ...full.tally, cancelled: 1 } })).toBe(
      'CANCELLED',
    );
    expect(completionReasonOf({ ...full, closing: cancelled })).toBe('ALL_COMPLETED');
    expect(completionReasonOf({ ...full, closing: cancelled, cutShort: true })).toBe('CANCELLED');
    expect(completionReasonOf({ ...full, closing: deadline, cutShort: true })).toBe('DEADLINE_EXCEEDED');
  });

  it('never decides early: with fewer failures than tolerated and a root that is not full there is no reason', () => {
    const sets = fc.uniqueArray(fc.nat(7), { maxLength: 8 });
    fc.assert(
      fc.property(sets, fc.nat(8), fc.nat(8), (failures, tolerated, succeeded) => {
        const limits = { toleratedFailureCount: tolerated, minSuccessful: 8 };
        const reason = completionReasonOf(
          { ...meta, limits, eagerFailures: new Set(failures) },
          Math.min(succeeded, 7),
        );
        expect(reason === undefined).toBe(failures.length <= tolerated);
      }),
    );
  });
});
