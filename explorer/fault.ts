import type { Answer } from './process.js';

class ModelFault extends Error {
  override readonly name = 'ModelFault';
}

/**
 * What a process hears of a call that failed, or whose reply was lost: to a caller the two are the same. Made once: an
 * error is expensive, and there are millions.
 */
export const fault: Answer = {
  ok: false,
  error: new ModelFault('the call failed, or its reply was lost'),
  text: 'fault',
};
