import { afterAll, beforeAll, describe } from 'vitest';
import type { Place } from './place.js';
import { describePublishing } from './publishing.contract.js';
import { startPlace } from './startPlace.js';
import { describeWorking } from './working.contract.js';

let place: Place;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.stop());

describe('SQS', () => {
  describePublishing(() => place);
  describeWorking(() => place);
});
