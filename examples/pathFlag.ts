import { InvalidArgumentError } from 'commander';

/** Reads a flag that is a path: anything but blank. */
export function path(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('expected a path');
}
