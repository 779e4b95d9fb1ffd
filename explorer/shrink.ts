import type { Model } from './model.js';
import { replay } from './replay.js';

/**
 * Leaves out of a losing schedule whatever it can do without, as long as it breaks the same rule; what is left is
 * completed by what follows when nobody interferes.
 */
export async function shrink(
  model: Model,
  rule: string,
  tokens: readonly string[],
): Promise<readonly string[]> {
  let best = tokens;
  let full = tokens;
  let isShorter = true;
  while (isShorter) {
    isShorter = false;
    for (let size = Math.max(1, best.length >> 1); size >= 1; size >>= 1) {
      for (let at = best.length - size; at >= 0; at -= 1) {
        const candidate = [...best.slice(0, at), ...best.slice(at + size)];
        const { violation, tokens: taken, skipped } = await replay(model, candidate);
        if (violation?.rule !== rule || taken.length > full.length) continue;
        best = candidate.filter((token) => !skipped.includes(token));
        full = taken;
        isShorter = true;
      }
    }
  }
  return full;
}
