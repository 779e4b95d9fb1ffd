import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** Attempts begin anew with the record: the first claim of a later life has the number of a late worker of this one. */
export const jobByAttemptOnly = jobMutant({
  name: 'job-by-attempt-only',
  wrong: 'the attempt stands in the condition of a change, and the owner does not',
  setting: jobSetting('jobs-expired-2', ['claims', 'claims'], { ttlSeconds: 10, ticks: [20_000] }),
  faults: 0,
  table: (store) => ({
    ...store,
    async change(id, change, now) {
      const owner = (await store.read(id, now))?.owner;
      const isAnyone = 'attempt' in change && owner !== undefined;
      return store.change(id, isAnyone ? { ...change, owner } : change, now);
    },
  }),
});
