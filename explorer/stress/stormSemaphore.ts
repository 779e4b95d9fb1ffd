import { createRandom } from '../../examples/createRandom.js';
import { isFanfoldError } from '../../src/errors.js';
import { createSemaphore } from '../../src/fanout/semaphore.js';
import type { SemaphoreStore } from '../../src/fanout/semaphoreStore.js';
import { faultyPort, PortFaultError, seededFaults } from '../../test/faultyPort.js';
import type { StormTime } from './time.js';

export interface SemaphoreStorm {
  readonly seed: number;
  readonly callers: number;
  readonly limit: number;
  readonly leaseMs: number;
}

export interface SemaphoreVerdict {
  /** The most that held a slot by their own account, at any grant. */
  readonly peak: number;
  readonly done: number;
  readonly problems: readonly string[];
}

/** Callers who wait for a slot, work and give it back; some are killed or paused while they hold one. */
export async function stormSemaphore(
  inner: SemaphoreStore,
  time: StormTime,
  { seed, callers, limit, leaseMs }: SemaphoreStorm,
): Promise<SemaphoreVerdict> {
  const random = createRandom(seed);
  const store = faultyPort(inner, seededFaults(seed + 1, 8), () =>
    random() < 0.2 ? time.sleep(random() * 20) : undefined,
  );
  const target = { store, now: time.now, sleep: time.sleep, random };
  const holding = new Map<string, number>();
  const problems = new Set<string>();
  let peak = 0;
  let done = 0;
  const call = async (holder: string): Promise<void> => {
    const semaphore = createSemaphore(target, 'storm', { limit, leaseMs });
    for (;;) {
      try {
        const slot = await semaphore.acquire(holder, { waitMs: 1_000 });
        holding.set(holder, slot.until);
        const now = [...holding.values()].filter((until) => until > time.now());
        peak = Math.max(peak, now.length);
        if (random() < 0.2) {
          if (random() < 0.5) {
            // Killed, and never seen again.
            done += 1;
            return;
          }
          // Paused: its message is delivered again, and the slot that it gives back late is not its own any more.
          const late = time.sleep(random() * leaseMs).then(() => semaphore.release(slot));
          late.catch(() => undefined);
          holding.delete(holder);
          await time.sleep(random() * 1_000);
          continue;
        }
        await time.sleep(random() * 2_000);
        holding.delete(holder);
        await semaphore.release(slot).catch(() => undefined);
        done += 1;
        return;
      } catch (error) {
        if (error instanceof PortFaultError || isFanfoldError(error, 'SlotNotFree')) continue;
        throw error;
      }
    }
  };
  const calls = Promise.all(Array.from({ length: callers }, (_, i) => call(`caller ${i}`)));
  await time.run(calls, time.now() + 600_000).catch((error: Error) => problems.add(error.message));
  return { peak, done, problems: [...problems] };
}
