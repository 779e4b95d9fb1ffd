import { canonical } from './canonical.js';
import { type Timer, virtualTimers } from './virtualTimers.js';

/** One call that a process waits for: what the scheduler decides about. */
export interface Call {
  /** Counted from 0 within the process, in the order of asking. */
  readonly number: number;
  readonly method: string;
  readonly args: readonly unknown[];
  /** The same for equal calls. */
  readonly text: string;
}

/** What a process hears. `text` is the same for equal answers. */
export type Answer = { readonly text: string } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: Error }
);

/** Something that a process lets the explorer know, at no cost of time. */
export type Note = { readonly type: 'recorded'; readonly index: number };

/** All that a process has of the world: whatever it does beyond that must depend on nothing else. */
export interface Environment {
  /** A yield point: the scheduler decides when, whether and how it happens. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Virtual time, in epoch ms. */
  now(): number;
  /** Unique to this process. */
  randomId(): string;
  note(note: Note): void;
}

/** How a process ended by itself. */
export type Ending =
  | { readonly type: 'answered'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown };

/** What lets a process run on: the answer of one of its calls, or one of its timers. */
export type Stimulus =
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answer }
  | { readonly type: 'timer'; readonly timer: number };

/** A process that runs real code up to its next calls. */
export interface Process {
  pending(): readonly Call[];
  timers(): readonly Timer[];
  ending(): Ending | undefined;
  /** What it noted since the last look. */
  takeNotes(): Note[];
  /** Lets it run as far as it can, at a time. */
  resume(stimulus: Stimulus, clock: number): Promise<void>;
}

/** In ms: a process without a call or an end waits for something real (a package that is being loaded, say) at most so long. */
const PATIENCE_MS = 10_000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Starts a process, at a time, and lets it run up to its first calls. */
export async function startProcess(
  name: string,
  run: (environment: Environment) => Promise<unknown>,
  clock: number,
): Promise<Process> {
  const waiting = new Map<
    number,
    { call: Call; resolve(value: unknown): void; reject(error: Error): void }
  >();
  let notes: Note[] = [];
  let time = clock;
  let calls = 0;
  let ids = 0;
  let ending: Ending | undefined;
  const timers = virtualTimers(() => time);

  const environment: Environment = {
    call: (method, ...args) =>
      new Promise((resolve, reject) => {
        const call = { number: calls, method, args, text: `${method}${canonical(args)}` };
        waiting.set(calls, { call, resolve, reject });
        calls += 1;
      }),
    now: () => time,
    randomId() {
      ids += 1;
      return `${name}-${ids}`;
    },
    note: (note) => notes.push(note),
  };

  async function runOn(): Promise<void> {
    // Two turns: code may defer its next step to the next turn of the event loop (`setImmediate`), not further.
    await turn();
    await turn();
    const isIdle = () => waiting.size === 0 && ending === undefined && timers.pending().length === 0;
    for (const began = Date.now(); isIdle(); ) {
      if (Date.now() - began > PATIENCE_MS)
        throw new Error(`${name} waits for something that the explorer does not know`);
      await turn();
    }
  }

  function answerCall(number: number, answer: Answer): void {
    const found = waiting.get(number);
    if (found === undefined) throw new Error(`${name} does not wait for call ${number}`);
    waiting.delete(number);
    if (answer.ok) found.resolve(answer.value);
    else found.reject(answer.error);
  }

  await timers.during(async () => {
    Promise.resolve(environment)
      .then(run)
      .then(
        (value) => {
          ending = { type: 'answered', value };
        },
        (error: unknown) => {
          ending = { type: 'threw', error };
        },
      );
    await runOn();
  });

  return {
    pending: () => [...waiting.values()].map(({ call }) => call),
    timers: timers.pending,
    ending: () => ending,
    takeNotes() {
      const taken = notes;
      notes = [];
      return taken;
    },
    async resume(stimulus, now) {
      time = now;
      await timers.during(async () => {
        if (stimulus.type === 'timer') timers.fire(stimulus.timer);
        else answerCall(stimulus.call, stimulus.answer);
        await runOn();
      });
    },
  };
}
