import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** A worker that dies takes its job with it. */
export const jobLeaseWithoutExpiry = jobMutant({
  name: 'job-lease-without-expiry',
  wrong: 'a lease never runs out',
  setting: jobSetting('jobs-run-2', ['runs', 'runs']),
  faults: 1,
  table: (store, { jobs }) => {
    const forGood = (id: string) => {
      const job = jobs.get(id);
      if (job?.leaseUntil !== undefined) jobs.set(id, { ...job, leaseUntil: Number.MAX_SAFE_INTEGER });
      return jobs.get(id);
    };
    return {
      ...store,
      async create(job, now) {
        const { applied } = await store.create(job, now);
        return { applied, current: forGood(job.id) };
      },
      async change(id, change, now) {
        const { applied } = await store.change(id, change, now);
        return { applied, current: forGood(id) };
      },
    };
  },
});
