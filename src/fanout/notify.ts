/** Tells a callback of the user's; whether it throws or rejects, now or later, is no concern of the work it is told of. */
export async function notify<A>(
  callback: ((argument: A) => unknown) | undefined,
  argument: A,
): Promise<void> {
  try {
    await callback?.(argument);
  } catch {
    // The work goes on.
  }
}
