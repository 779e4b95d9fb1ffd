/** A clock that jumps from one sleeper to the next as soon as nobody has anything left to do. */
export function virtualTime(start: number) {
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let now = start;
  return {
    now: () => now,
    sleep(ms: number): Promise<void> {
      return new Promise((wake) => {
        const at = now + ms;
        let position = sleepers.length;
        while (position > 0 && (sleepers[position - 1]?.at ?? 0) > at) position -= 1;
        sleepers.splice(position, 0, { at, wake });
      });
    },
    /** Lets time pass until `work` is done; throws where it is not by `until`. */
    async run<T>(work: Promise<T>, until: number): Promise<T> {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      work.then(done, done);
      for (;;) {
        await new Promise(setImmediate);
        if (isDone) return work;
        const next = sleepers.shift();
        if (next === undefined || next.at > until) throw new Error('it does not end');
        now = next.at;
        next.wake();
      }
    },
  };
}
