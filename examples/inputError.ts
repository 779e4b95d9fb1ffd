/** Bad input or a bad flag: one line that names it and says what was expected. The run ends with exit code 2. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}
