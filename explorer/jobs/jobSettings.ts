import { type JobSetting, jobSetting } from './jobSetting.js';

/** The jobs that are explored, each the smallest in which its subject can go wrong. */
export const jobSettings: readonly JobSetting[] = [
  jobSetting('jobs-run-2', ['runs', 'runs'], { share: 2 }),
  jobSetting('jobs-run-3', ['runs', 'runs', 'runs']),
  jobSetting('jobs-heartbeat-2', ['runs', 'runs'], { ticks: [300, 1_200] }),
  jobSetting('jobs-claim-2', ['claims', 'claims'], { share: 2 }),
  jobSetting('jobs-claim-3', ['claims', 'claims', 'claims']),
  jobSetting('jobs-lock-2', ['locks', 'locks']),
  jobSetting('jobs-retry-2', ['runs', 'redrives']),
  jobSetting('jobs-retry-failed-2', ['runs', 'claims'], { retryFailed: true }),
  jobSetting('jobs-reset-2', ['claims', 'resets'], { ticks: [1_100, 2_200] }),
  jobSetting('jobs-reset-3', ['claims', 'claims', 'resets'], { ticks: [1_100, 2_200] }),
  jobSetting('jobs-create-3', ['creates', 'runs', 'reads']),
  jobSetting('jobs-large-2', ['runs', 'claims'], { isLarge: true }),
  jobSetting('jobs-clocks-2', ['claims', 'claims'], { aheadMs: [0, 5_000] }),
  jobSetting('jobs-expired-2', ['claims', 'claims'], { ttlSeconds: 10, ticks: [20_000] }),
];
