import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 300_000;
const LOOK_EVERY_MS = 50;

/** Waits for a condition. @throws Error that names it when it does not come true in time. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<void> {
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await pause(lookEveryMs)) {
    if (await isTrue()) return;
  }
  throw new Error(`${what}: not within ${LIMIT_MS / 1_000} s`);
}
