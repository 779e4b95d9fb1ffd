import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 50;

/** Waits for a condition. @throws Error when it has not come true in time: what was waited for is a broken promise. */
export async function waitFor(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await pause(LOOK_EVERY_MS)) {
    if (await isTrue()) return;
  }
  throw new Error(`${what}: not within ${LIMIT_MS / 1_000} s`);
}
