import { createRandom } from '../examples/createRandom.js';

/**
 * What happens to one call: nothing unusual · it fails before it is applied · it is applied and its reply is lost ·
 * its reply is lost and the SDK applies it once more by itself, which answers for the second time.
 */
export type PortFault = 'ok' | 'failed' | 'lost' | 'repeated';

export class PortFaultError extends Error {
  override readonly name = 'PortFaultError';
}

/** The faults of one run, from a seed: about one call in `oneIn` meets one. */
export function seededFaults(
  seed: number,
  oneIn = 10,
  faults: readonly PortFault[] = ['failed', 'lost', 'repeated'],
) {
  const random = createRandom(seed);
  return (): PortFault =>
    random() * oneIn < 1 ? (faults[Math.floor(random() * faults.length)] ?? 'ok') : 'ok';
}

/** A store whose every call waits `pause` before and after, and meets the fault that `next` names; lists meet none. */
export function faultyPort<S extends object>(
  store: S,
  next: (method: string) => PortFault,
  pause: () => unknown = () => undefined,
): S {
  return new Proxy(store, {
    get(target, method: string) {
      const call = (Reflect.get(target, method) as (...args: unknown[]) => unknown).bind(target);
      if (method === 'list') return call;
      return async (...args: unknown[]) => {
        await pause();
        const fault = next(method);
        if (fault === 'failed') throw new PortFaultError(`${method} failed`);
        const answer = await call(...args);
        await pause();
        if (fault === 'lost') throw new PortFaultError(`the reply of ${method} was lost`);
        return fault === 'repeated' ? call(...args) : answer;
      };
    },
  });
}

/** Does it again for as long as it meets a fault: what a redelivery does. */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof PortFaultError)) throw error;
    }
  }
}
