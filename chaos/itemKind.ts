import { random } from '../src/local/random.js';

/**
 * What an item is, and so how it may end:
 * `good` and `slow` succeed · `overlong` outlasts its visibility timeout the first time, so that a second worker gets
 * it meanwhile · `transient` fails the first time it is received · `permanent` throws a `NonRetryableError` ·
 * `hopeless` fails every time, retryably, until the dead-letter queue has it · for `refused` no message can be made ·
 * `tooLong` cannot be published, and ends the publisher's chunk, so that even a small job is published in several.
 */
export type ItemKind =
  | 'good'
  | 'slow'
  | 'overlong'
  | 'transient'
  | 'permanent'
  | 'hopeless'
  | 'refused'
  | 'tooLong';

/** Of a hundred items; the rest is good. */
const shares: readonly (readonly [ItemKind, number])[] = [
  ['slow', 5],
  ['overlong', 1],
  ['transient', 10],
  ['permanent', 4],
  ['hopeless', 1.5],
  ['refused', 2],
  ['tooLong', 1.5],
];

/** The kind of an item, always the same under a seed: every process can tell without being told. */
export function kindOf(seed: number, index: number): ItemKind {
  let left = random(seed, 'kind', index) * 100;
  for (const [kind, share] of shares) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'good';
}
