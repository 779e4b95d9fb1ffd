import { budgetSubject } from './budget/budgetModel.js';
import { budgetSettings } from './budget/budgetSettings.js';
import { fanInJobs } from './fanIn/fanInJobs.js';
import { fanInSubject } from './fanIn/fanInModel.js';
import { jobSubject } from './jobs/jobModel.js';
import { jobSettings } from './jobs/jobSettings.js';
import type { Subject } from './model.js';
import { semaphoreSubject } from './semaphore/semaphoreModel.js';
import { semaphoreSettings } from './semaphore/semaphoreSettings.js';

/** Everything that is explored. */
export const subjects: readonly Subject[] = [
  ...fanInJobs.map((job) => fanInSubject(job)),
  ...jobSettings.map(jobSubject),
  ...semaphoreSettings.map(semaphoreSubject),
  ...budgetSettings.map(budgetSubject),
];
