import { applications, type CallOutcome } from './callOutcome.js';
import { fault } from './fault.js';
import type { Stepped, Violation } from './model.js';
import type { Answer } from './process.js';

/** What a step comes to for whoever made the call. */
export type Answered<W> = Stepped<W> & { readonly answer: Answer };

/** Applies a call as often as its outcome has it; a caller whose reply is lost, or never came, hears of a fault. */
export async function applyCall<W>(
  world: W,
  outcome: CallOutcome,
  perform: (world: W) => Promise<Answered<W>>,
): Promise<Answered<W>> {
  let next = world;
  let answer: Answer = fault;
  let violation: Violation | undefined;
  for (let times = applications[outcome]; times > 0; times -= 1) {
    const done = await perform(next);
    violation ??= done.violation;
    next = done.world;
    if (outcome !== 'lost') answer = done.answer;
  }
  return { world: next, answer, violation };
}
