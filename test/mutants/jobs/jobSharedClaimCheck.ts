import { jobMutant } from '../../../explorer/jobs/jobModel.js';
import { jobSetting } from '../../../explorer/jobs/jobSetting.js';

/** A late worker is refused by the record; the text that the record names is its own by then. */
export const jobSharedClaimCheck = jobMutant({
  name: 'job-shared-claim-check',
  wrong: 'all claims put their results under one key of the claim check',
  setting: jobSetting('jobs-large-2', ['claims', 'claims'], { isLarge: true }),
  faults: 0,
  store: (store) => ({
    ...store,
    putText: (_, text) => store.putText('result', text),
    getText: () => store.getText('result'),
    change: (id, change, now) =>
      store.change(
        id,
        change.type === 'succeeded' ? { ...change, result: { claimCheckKey: 'result' } } : change,
        now,
      ),
  }),
});
