import { InputError } from './inputError.js';

/** Says in one line what went wrong with an example, and answers its exit code: 2 for bad input, 1 for a broken promise. */
export function complain(example: string, error: unknown): 1 | 2 {
  const message = error instanceof Error ? error.message : String(error);
  const isBadInput = error instanceof InputError;
  // A file can be named anything, even over two lines.
  const line = isBadInput ? `${example}: ${message.replaceAll('\n', ' ')}` : `broken promise: ${message}`;
  process.stderr.write(`${line}\n`);
  return isBadInput ? 2 : 1;
}
