import { fanInJobs } from './fanIn/fanInJobs.js';
import { fanInSubject } from './fanIn/fanInModel.js';
import { jobSubject } from './jobs/jobModel.js';
import { jobSettings } from './jobs/jobSettings.js';
import type { Subject } from './model.js';

/** Everything that is explored. */
export const subjects: readonly Subject[] = [
  ...fanInJobs.map((job) => fanInSubject(job)),
  ...jobSettings.map(jobSubject),
];
