import type { Random } from '../examples/createRandom.js';

/** One of a list, by chance; `undefined` of an empty one. */
export function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[Math.floor(random() * list.length)];
}
