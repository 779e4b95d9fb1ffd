import { describe, expect, it } from 'vitest';
import { lambdaContext } from '../../src/testing/index.js';

describe('lambdaContext', () => {
  it('runs out of time as its clock goes on', () => {
    let time = 1_000;
    const { getRemainingTimeInMillis } = lambdaContext({ timeoutMs: 500, now: () => time });
    expect(getRemainingTimeInMillis()).toBe(500);
    time = 1_700;
    expect(getRemainingTimeInMillis()).toBe(-200);
  });
});
