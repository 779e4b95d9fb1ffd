/** Something that a child is in the middle of; to be killed then is to be hit in flight. */
export type Work = 'batch' | 'deadLetters' | 'publish' | 'delivery' | 'sweep';

/** What a child tells its parent. */
export type ChildMessage =
  | { readonly event: 'ready' }
  /** `indices`: the items that it has received. */
  | { readonly event: 'begin'; readonly id: number; readonly work: Work; readonly indices: readonly number[] }
  | { readonly event: 'end'; readonly id: number }
  | { readonly event: 'published' };

/** Tells the parent, and waits until it is on its way: what was reported survives the death of the reporter. */
export function report(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    // Without a parent there is nobody to work for: the promise stays open, and `disconnect` ends the process.
    process.send?.(message, undefined, undefined, (error) => {
      if (error === null) resolve();
    });
  });
}

/** Runs `work` between a `begin` and an `end`, the first of which is reported before it starts. */
export type Underway = <T>(work: Work, indices: readonly number[], run: () => Promise<T>) => Promise<T>;

/** Numbers what is under way in this process. */
export function createUnderway(): Underway {
  let count = 0;
  return async (work, indices, run) => {
    const id = count++;
    await report({ event: 'begin', id, work, indices });
    try {
      return await run();
    } finally {
      await report({ event: 'end', id });
    }
  };
}
