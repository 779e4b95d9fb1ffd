import { type Exhausted, exhaust } from './exhaust.js';
import type { Subject, Violation } from './model.js';
import { sample } from './sample.js';
import { formatSchedule } from './schedule.js';
import { shrink } from './shrink.js';
import { tell } from './story.js';

export interface Loss {
  readonly violation: Violation;
  /** Replays it. */
  readonly schedule: string;
  readonly story: readonly string[];
}

export interface Explored {
  readonly job: string;
  readonly size: string;
  /** Up to how many faults every schedule was tried; -1 where not even the calm ones could be. */
  readonly exhaustedFaults: number;
  /** Up to how many faults schedules were drawn at random; `undefined` where there was nothing left to draw. */
  readonly sampledFaults: number | undefined;
  /** Schedules tried: those of the search differ in their last move from all others, those drawn are whole. */
  readonly schedules: number;
  /** Distinct states entered by the search, or by the sample where that reached more. */
  readonly states: number;
  readonly ms: number;
  readonly loss: Loss | undefined;
}

export interface ExploreLimits {
  readonly faults: number;
  readonly seconds: number;
  readonly seed: number;
  readonly maxStates?: number;
}

const MAX_STATES = 1_500_000;

async function toLoss(
  subject: Subject,
  mutant: string | undefined,
  violation: Violation,
  tokens: readonly string[],
): Promise<Loss> {
  const { lines } = await tell(subject.create(), tokens);
  return { violation, schedule: formatSchedule({ subject: subject.name, mutant, tokens }), story: lines };
}

/** Tries every schedule as far as time and memory go, and draws from the rest. */
export async function exploreSubject(
  subject: Subject,
  { faults, seconds, seed, maxStates = MAX_STATES }: ExploreLimits,
  mutant?: string,
): Promise<Explored> {
  const began = Date.now();
  const searched: Exhausted = await exhaust(subject.create(), {
    faults,
    maxStates,
    until: began + seconds * 800,
  });
  const found = {
    job: subject.name,
    size: subject.size,
    exhaustedFaults: searched.exhaustedFaults,
    schedules: searched.moves,
    states: searched.states,
  };
  if (searched.violation !== undefined) {
    const loss = await toLoss(subject, mutant, searched.violation, searched.tokens);
    return { ...found, sampledFaults: undefined, ms: Date.now() - began, loss };
  }
  if (searched.exhaustedFaults === faults)
    return { ...found, sampledFaults: undefined, ms: Date.now() - began, loss: undefined };

  const model = subject.create();
  const drawn = await sample(model, {
    faults,
    seed,
    maxSchedules: 20_000,
    until: Date.now() + seconds * 200,
  });
  const loss =
    drawn.violation === undefined
      ? undefined
      : await toLoss(
          subject,
          mutant,
          drawn.violation,
          await shrink(model, drawn.violation.rule, drawn.tokens),
        );
  return {
    ...found,
    schedules: searched.moves + drawn.schedules,
    states: Math.max(searched.states, drawn.states),
    sampledFaults: faults,
    ms: Date.now() - began,
    loss,
  };
}
