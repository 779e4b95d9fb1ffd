import { createHash } from 'node:crypto';

/** A number from 0 to below 1 that depends on nothing but its arguments. */
export function fraction(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32BE(0) / 2 ** 32;
}
