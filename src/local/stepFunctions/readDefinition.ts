import { readFile } from 'node:fs/promises';
import { invalidArgument } from '../../arguments.js';
import { isObject } from '../asObject.js';
import type { AslObject } from './engine.js';

/** What `${Name}` stands for in a definition. */
export type Substitutions = Readonly<Record<string, string | number>>;

/** A definition as text, with every `${Name}` replaced as CloudFormation, SAM and the CDK replace it. */
export function substitute(text: string, substitutions: Substitutions): string {
  return text.replace(/\$\{([\w.:-]+)\}/g, (_placeholder, name: string) => {
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
    if (value === undefined)
      throw invalidArgument(`substitutions.${name}`, 'a string or a number', undefined);
    // What is put into a JSON string must stay inside it.
    return JSON.stringify(String(value)).slice(1, -1);
  });
}

/**
 * A state machine's definition: an object, or the path of a file of JSON (`*.asl.json`).
 *
 * @throws FanfoldError `InvalidArgument` for what is no JSON object, or a placeholder without a value; whatever reading the file throws.
 */
export async function readDefinition(
  definition: AslObject | string | URL,
  substitutions: Substitutions = {},
): Promise<AslObject> {
  const isFile = typeof definition === 'string' || definition instanceof URL;
  const text = isFile ? await readFile(definition, 'utf8') : JSON.stringify(definition);
  const filled = substitute(text ?? 'null', substitutions);
  let parsed: unknown;
  try {
    parsed = JSON.parse(filled);
  } catch {
    throw invalidArgument('definition', 'JSON', filled);
  }
  if (isObject(parsed)) return parsed;
  throw invalidArgument('definition', 'a JSON object of the Amazon States Language', parsed);
}
