import { describe, expect, it } from 'vitest';
import { simulateJob } from '../../explorer/simulate/simulateJob.js';
import { simulateLarge } from '../../explorer/simulate/simulateLarge.js';

describe('a simulated job', () => {
  it('balances whatever goes wrong', async () => {
    const job = await simulateJob(2_000, 1);
    expect(job).toMatchObject({ items: 2_000, violations: [] });
    expect(job.crashes).toBeGreaterThan(0);
    expect(job.deliveries).toBeGreaterThan(0);
  });

  it('runs the same way from the same seed', async () => {
    expect(await simulateJob(300, 5)).toEqual(await simulateJob(300, 5));
  });

  it('is cheap when neighbours settle together', async () => {
    const large = await simulateLarge(70_000, 1);
    expect(large).toMatchObject({ violations: [], treeDepth: 3 });
    expect(large.writeUnitsPerItem).toBeLessThan(0.3);
  });
});
