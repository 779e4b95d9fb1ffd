import { setTimeout as sleep } from 'node:timers/promises';
import { createSweeper } from 'fanfold';
import { limits } from '../limits.js';
import type { ChildConfig } from './childConfig.js';
import { connect } from './connect.js';
import type { Underway } from './report.js';

/** The sweeper on its schedule. What it could not heal this time it may the next: the ledger tells whether it did. */
export async function sweep(config: ChildConfig, underway: Underway): Promise<never> {
  const handler = createSweeper({ fanIn: connect(config, underway).fanIn });
  for (;;) {
    await sleep(limits.sweepEveryMs);
    await underway('sweep', [], handler);
  }
}
