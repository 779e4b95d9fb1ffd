import { type SemaphoreSetting, semaphoreSetting } from './semaphoreSetting.js';

/** The semaphores that are explored, each the smallest in which its subject can go wrong. */
export const semaphoreSettings: readonly SemaphoreSetting[] = [
  semaphoreSetting('semaphore-1-2', 1, ['x:holds', 'y:holds'], { share: 2 }),
  semaphoreSetting('semaphore-1-3', 1, ['x:holds', 'y:holds', 'z:holds']),
  semaphoreSetting('semaphore-2-3', 2, ['x:holds', 'y:holds', 'z:holds']),
  semaphoreSetting('semaphore-renew-2', 1, ['x:renews', 'y:holds'], { ticks: [600, 1_300] }),
  semaphoreSetting('semaphore-same-2', 1, ['x:holds', 'x:holds']),
  semaphoreSetting('semaphore-same-3', 1, ['x:renews', 'x:holds', 'y:holds']),
  semaphoreSetting('semaphore-with-2', 1, ['x:uses', 'y:uses'], { ticks: [300, 1_400] }),
  semaphoreSetting('semaphore-with-3', 2, ['x:uses', 'y:uses', 'z:holds']),
];
