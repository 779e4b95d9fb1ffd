import { type Command, CommanderError } from 'commander';
import { InputError } from './inputError.js';

/**
 * Parses an example's flags; `undefined` when help was asked for, and shown. Throws what `toError` makes of a bad flag:
 * one line that names it and says what was expected.
 */
export function parseCommand<Given extends object>(
  command: Command,
  argv: readonly string[],
  toError: (line: string, cause: CommanderError) => Error = (line, cause) => new InputError(line, { cause }),
): Given | undefined {
  // Commander would print its message, and a hint, by itself.
  command.configureOutput({ writeErr: () => {}, outputError: () => {} });
  try {
    return command.parse([...argv], { from: 'user' }).opts<Given>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw toError(error.message.replace(/^error: /, '').replaceAll('\n', ' '), error);
  }
}
