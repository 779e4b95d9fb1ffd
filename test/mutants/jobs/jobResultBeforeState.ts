import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** The state is refused to a late worker; its result stands there by then. */
export const jobResultBeforeState = jobMutant({
  name: 'job-result-before-state',
  wrong: 'the result is written first, and only the change of state has a condition',
  setting: jobSetting('jobs-claim-2', ['claims', 'claims']),
  faults: 0,
  table: (store, { jobs }) => ({
    ...store,
    async change(id, change, now) {
      const written = await store.change(id, change, now);
      const job = jobs.get(id);
      if (!written.applied && change.type === 'succeeded' && job !== undefined)
        jobs.set(id, { ...job, result: change.result });
      return written;
    },
  }),
});
