import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** A replay of the first message makes the finished job new again. */
export const jobCreatedOver = jobMutant({
  name: 'job-created-over',
  wrong: 'creating a job puts its record over what stands there',
  setting: jobSetting('jobs-create-3', ['creates', 'runs', 'reads']),
  faults: 0,
  table: (store, { jobs }) => ({
    ...store,
    async create(job) {
      jobs.set(job.id, job);
      return { applied: true, current: job };
    },
  }),
});
