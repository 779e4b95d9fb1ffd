import type { FanInStore } from '../../src/aggregation/fanInStore.js';

/**
 * What happens to one call: nothing unusual · it fails before it is applied · it is applied and its reply is lost ·
 * its reply is lost and the SDK applies it once more by itself, which answers for the second time.
 */
export type Fault = 'ok' | 'failed' | 'lost' | 'repeated';

export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

/** A store whose every call goes through `next`, which names the fault; results are read without any. */
export function faultyStore(store: FanInStore, next: (method: keyof FanInStore) => Fault): FanInStore {
  const through = new Proxy(store, {
    get(target, method: keyof FanInStore) {
      if (method === 'readResults') return target.readResults.bind(target);
      const call = target[method].bind(target) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const fault = next(method);
        if (fault === 'failed') throw new StoreFault(`${method} failed`);
        const answer = await call(...args);
        if (fault === 'lost') throw new StoreFault(`the reply of ${method} was lost`);
        return fault === 'repeated' ? call(...args) : answer;
      };
    },
  });
  return through;
}
