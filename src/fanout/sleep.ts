import { LONGEST_TIMER_MS } from '../longestTimer.js';

/** Resolves after `ms`, or at once when `signal` aborts (it does not reject: look at `signal.aborted` afterwards). */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER_MS));
    signal?.addEventListener('abort', wake, { once: true });
  });
}
