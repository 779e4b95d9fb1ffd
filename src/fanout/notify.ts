const ignore = (): void => {};

/** Tells a callback of the user's; whether it throws or rejects, now or later, is no concern of the work it is told of. */
export function notify<A>(callback: ((argument: A) => unknown) | undefined, argument: A): void {
  try {
    const answer = callback?.(argument);
    if (answer instanceof Object) Promise.resolve(answer).then(ignore, ignore);
  } catch {
    // The work goes on.
  }
}
