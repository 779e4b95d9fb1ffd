import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';
import { changeJob } from '../../../src/jobs/job.js';

/** Between the look and the reset somebody else claimed the job, and may have finished it. */
export const jobResetIgnoresAttempt = jobMutant({
  name: 'job-reset-ignores-attempt',
  wrong: 'what was found stuck is reset, whatever has become of it since',
  setting: jobSetting('jobs-reset-2', ['claims', 'resets'], { ticks: [1_100, 2_200] }),
  faults: 1,
  table: (store, { jobs }) => ({
    ...store,
    async change(id, change, now) {
      const job = await store.read(id, now);
      if (change.type !== 'reset' || job === undefined) return store.change(id, change, now);
      const stuck = { ...job, state: 'inProgress' as const, leaseUntil: 0, attempt: change.seenAttempt };
      const changed = changeJob(stuck, change);
      if (changed !== undefined) jobs.set(id, changed);
      return { applied: true, current: changed };
    },
  }),
});
