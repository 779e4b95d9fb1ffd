/** The exit code of a program that was interrupted. */
export const INTERRUPTED = 130;

/** For so long a signal is an echo: npm passes on the Ctrl-C that its child has had from the terminal already, in ms. */
const ECHO_MS = 1_000;

export interface Interrupts {
  /** Aborts with the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Gives the signals back their usual meaning. */
  release(): void;
}

/** Lets a program clean up when it is interrupted. Who interrupts it again, a second later or more, ends it at once. */
export function catchInterrupts(): Interrupts {
  const interruption = new AbortController();
  let isOver = false;
  const interrupt = () => {
    if (isOver) process.exit(INTERRUPTED);
    if (interruption.signal.aborted) return;
    interruption.abort();
    // After a stall an echo is handled late: between the timer and what it sets lies the turn in which that happens.
    setTimeout(() => setImmediate(() => (isOver = true)), ECHO_MS).unref();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    signal: interruption.signal,
    release() {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}
