/** What the user gave cannot be worked with: one clear line, and exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
