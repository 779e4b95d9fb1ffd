import { decodeDetails } from './details.js';
import type { OnProgress, SettleResult } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import { announceFanIn, toErrorName } from './fanInEvent.js';

export interface ProgressOptions {
  readonly onProgress: OnProgress;
  readonly intervalMs: number;
}

/** How long a settle waits for `onProgress`, in ms: a heartbeat that hangs must not hold up the work. */
const PATIENCE_MS = 5_000;
/** How many fan-ins a process remembers; of more, the ones it has told of longest ago come first again. */
const MAX_REMEMBERED = 1_000;

function within(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/**
 * Makes what is called after every settle, and tells `onProgress` where that is due: once in an interval, fan-in and
 * process, and only of a settle that recorded something while the job is open. The details are read only then. It is
 * awaited, because a Lambda freezes what is left over when its handler returns; it never rejects.
 */
export function createProgress(
  { store, now }: FanInContext,
  { onProgress, intervalMs }: ProgressOptions,
): (id: string, result: SettleResult) => Promise<void> {
  const toldAt = new Map<string, number>();

  return async (id, { entries, state }) => {
    if (state !== 'open') {
      toldAt.delete(id);
      return;
    }
    const at = now();
    const last = toldAt.get(id);
    if ((last !== undefined && at - last < intervalMs) || !entries.includes('recorded')) return;
    // Deleted first, so that the map stays in the order of the telling.
    toldAt.delete(id);
    toldAt.set(id, at);
    if (toldAt.size > MAX_REMEMBERED) toldAt.delete(toldAt.keys().next().value ?? id);
    try {
      const { taskToken } = decodeDetails(await store.readDetails(id, at));
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const context = { signal, ...(taskToken === undefined ? {} : { taskToken }) };
      await within(Promise.resolve(onProgress({ id }, context)), signal);
    } catch (thrown) {
      announceFanIn(() => ({ type: 'progressFailed', id, error: toErrorName(thrown) }));
    }
  };
}
