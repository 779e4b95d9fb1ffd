import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** Two that saw the job pending, or its lease over, both work on it. */
export const jobLeaseIgnored = jobMutant({
  name: 'job-lease-ignored',
  wrong: 'a claim asks for the state that it saw, and not for the attempt',
  setting: jobSetting('jobs-claim-2', ['claims', 'claims'], { ticks: [1_100] }),
  faults: 1,
  table: (store, { jobs }) => ({
    ...store,
    async change(id, change, now) {
      const job = await store.read(id, now);
      if (change.type !== 'claimed' || job?.state !== 'inProgress') return store.change(id, change, now);
      const { owner, until: leaseUntil } = change;
      const current = { ...job, owner, leaseUntil, attempt: job.attempt + 1 };
      jobs.set(id, current);
      return { applied: true, current };
    },
  }),
});
