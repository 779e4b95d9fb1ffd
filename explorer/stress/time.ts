/** The time that a storm runs in: the machine's, or one that jumps. */
export interface StormTime {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Lets time pass until `work` is done; throws where it is not by `until`. */
  run<T>(work: Promise<T>, until: number): Promise<T>;
}

/** For stores that really are somewhere else. */
export function realTime(): StormTime {
  return {
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async run(work, until) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('it does not end')), until - Date.now());
      });
      try {
        return await Promise.race([work, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
