import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** Nobody comes again for a result that was never written. */
export const jobFailureIgnored = jobMutant({
  name: 'job-failure-ignored',
  wrong: 'a result counts as recorded although the call that was to write it failed',
  setting: jobSetting('jobs-run-2', ['runs', 'runs']),
  faults: 1,
  store: (store) => ({
    ...store,
    async change(id, change, now) {
      const seen = await store.read(id, now);
      try {
        return await store.change(id, change, now);
      } catch (error) {
        if (change.type !== 'succeeded' || seen === undefined) throw error;
        return { applied: true, current: { ...seen, state: 'succeeded', result: change.result } };
      }
    },
  }),
});
