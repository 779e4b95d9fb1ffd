import { afterAll, beforeAll, describe } from 'vitest';
import { describeExecutions } from './executions.contract.js';
import { describeFanOuts } from './fanOuts.contract.js';
import type { Place } from './place.js';
import { describePrecompute } from './precompute.contract.js';
import { startPlace } from './startPlace.js';
import { describeWorkers } from './workers.contract.js';

let place: Place;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.stop());

describe('Step Functions', () => {
  describeWorkers(() => place);
  describePrecompute(() => place);
  describeFanOuts(() => place);
  describeExecutions(() => place);
});
