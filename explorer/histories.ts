import {
  type Answer,
  type Call,
  type Ending,
  type Environment,
  type Note,
  type Process,
  type Stimulus,
  startProcess,
} from './process.js';
import type { Timer } from './virtualTimers.js';

/** Where a process stands: a function of what it was asked to do, of the answers that it has had, and of its timers. */
export interface Standing {
  readonly id: number;
  readonly pending: readonly Call[];
  readonly timers: readonly Timer[];
  readonly ending: Ending | undefined;
  /** What it noted on the way from the standing before. */
  readonly notes: readonly Note[];
}

interface Remembered extends Standing {
  readonly before: { readonly standing: Remembered; readonly stimulus: Stimulus } | undefined;
  readonly clock: number;
  readonly start: { readonly name: string; readonly run: (environment: Environment) => Promise<unknown> };
  readonly next: Map<string, Remembered>;
  /** The real process, as long as it stands here. */
  live: Process | undefined;
}

/** Runs processes, and remembers what each did after which answers. */
export interface Histories {
  start(
    name: string,
    input: string,
    run: (environment: Environment) => Promise<unknown>,
    clock: number,
  ): Promise<Standing>;
  answer(standing: Standing, call: number, answer: Answer, clock: number): Promise<Standing>;
  fire(standing: Standing, timer: number, clock: number): Promise<Standing>;
  size(): number;
}

/**
 * A process cannot be copied while it waits, and an explorer must try several answers in the same place. But it is
 * a deterministic function of its answers: so it is run again from its start to any standing that is asked for
 * twice, and each history is run only once.
 */
export function createHistories({ maxLive = 3_000 } = {}): Histories {
  const starts = new Map<string, Remembered>();
  const living: Remembered[] = [];
  let count = 0;

  function remember(
    process: Process,
    clock: number,
    start: Remembered['start'],
    before: Remembered['before'],
  ): Remembered {
    const ending = process.ending();
    const standing: Remembered = {
      id: count,
      pending: process.pending(),
      timers: process.timers(),
      ending,
      notes: process.takeNotes(),
      before,
      clock,
      start,
      next: new Map(),
      live: ending === undefined ? process : undefined,
    };
    count += 1;
    if (standing.live !== undefined) living.push(standing);
    if (living.length > 2 * maxLive) {
      for (const old of living.splice(0, maxLive)) old.live = undefined;
    }
    return standing;
  }

  /** The real process at a standing: the one that waits there, or another that is led there. */
  async function lead(standing: Remembered): Promise<Process> {
    const { live } = standing;
    if (live !== undefined) {
      standing.live = undefined;
      return live;
    }
    const path: Remembered[] = [];
    for (let at: Remembered | undefined = standing; at !== undefined; at = at.before?.standing) path.push(at);
    const first = path.pop();
    const process = await startProcess(standing.start.name, standing.start.run, first?.clock ?? 0);
    for (const { before, clock } of path.reverse()) {
      if (before !== undefined) await process.resume(before.stimulus, clock);
    }
    process.takeNotes();
    return process;
  }

  async function goOn(
    standing: Standing,
    stimulus: Stimulus,
    key: string,
    clock: number,
  ): Promise<Remembered> {
    const from = standing as Remembered;
    const known = from.next.get(key);
    if (known !== undefined) return known;
    const process = await lead(from);
    await process.resume(stimulus, clock);
    const reached = remember(process, clock, from.start, { standing: from, stimulus });
    from.next.set(key, reached);
    return reached;
  }

  return {
    async start(name, input, run, clock) {
      const key = `${name} ${input} ${clock}`;
      const known = starts.get(key);
      if (known !== undefined) return known;
      const standing = remember(await startProcess(name, run, clock), clock, { name, run }, undefined);
      starts.set(key, standing);
      return standing;
    },

    answer: (standing, call, answer, clock) =>
      goOn(standing, { type: 'answer', call, answer }, `${call} ${clock} ${answer.text}`, clock),
    fire: (standing, timer, clock) =>
      goOn(standing, { type: 'timer', timer }, `timer ${timer} ${clock}`, clock),
    size: () => count,
  };
}
