import type { Model } from './model.js';
import { type Replayed, replay } from './replay.js';

/** A schedule as a story that a reader can follow, one line a move, with what came of it. */
export async function tell(
  model: Model,
  tokens: readonly string[],
): Promise<{ readonly lines: string[]; readonly replayed: Replayed }> {
  const lines: string[] = [];
  const replayed = await replay(model, tokens, (move, before, after) =>
    lines.push(`${String(lines.length + 1).padStart(4)}. ${model.say(move, before, after)}`),
  );
  const { violation } = replayed;
  lines.push(
    violation === undefined
      ? '      All rules are kept.'
      : `      BROKEN: ${violation.rule} — ${violation.detail}`,
  );
  return { lines, replayed };
}
