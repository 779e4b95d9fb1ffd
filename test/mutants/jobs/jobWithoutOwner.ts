import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';
import { changeJob } from '../../../src/jobs/job.js';

/** A worker that was paused comes back, and records its result over the head of the one that works now. */
export const jobWithoutOwner = jobMutant({
  name: 'job-without-owner',
  wrong: 'neither owner nor attempt stands in the condition of a change',
  setting: jobSetting('jobs-claim-2', ['claims', 'claims']),
  faults: 0,
  table: (store, { jobs }) => ({
    ...store,
    async change(id, change, now) {
      const job = await store.read(id, now);
      if (job?.state !== 'inProgress' || !('attempt' in change)) return store.change(id, change, now);
      const { owner, attempt } = change;
      const changed = changeJob({ ...job, owner, attempt }, change);
      if (changed !== undefined) jobs.set(id, changed);
      return { applied: changed !== undefined, current: changed ?? job };
    },
  }),
});
