import type { CompletionSummary, Outcome } from '../../src/aggregation/index.js';
import { createFanIn, memoryFanInStore, type OnComplete } from '../../src/aggregation/index.js';

export const succeeded = (value: unknown = 1): Outcome<unknown> => ({ status: 'succeeded', value });

export const failed = (message = 'broken'): Outcome<unknown> => ({
  status: 'failed',
  error: { name: 'Error', message, retryable: false },
});

export const entry = (index: number, outcome: Outcome<unknown> = succeeded()) => ({ index, outcome });

export const entries = (start: number, end: number, outcome?: Outcome<unknown>) =>
  Array.from({ length: end - start }, (_, i) => entry(start + i, outcome));

/** A fan-in whose completions are kept. */
export function watched(options: Partial<Parameters<typeof createFanIn>[0]> = {}) {
  const completions: CompletionSummary[] = [];
  const store = options.store ?? memoryFanInStore();
  const onComplete: OnComplete = (summary) => completions.push(summary);
  return { store, completions, fanIn: createFanIn({ onComplete, ...options, store }) };
}
