import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import type { VirtualTime } from './virtualTime.js';

/** How often what goes wrong, of one call. */
export interface Weather {
  readonly failed: number;
  readonly lost: number;
  readonly repeated: number;
  readonly crashed: number;
}

export const stormy: Weather = { failed: 0.005, lost: 0.005, repeated: 0.005, crashed: 0.005 };

/** A process that can die: from then on none of its calls is ever answered. */
export interface Life {
  isOver: boolean;
  /** Called when it dies. */
  end(): void;
}

const MAX_LATENCY_MS = 20;

/** Calls that take virtual time and can go wrong, for one process. */
export function stormyCall(
  time: VirtualTime,
  random: () => number,
  life: Life,
  weather: Weather,
): <T>(call: () => Promise<T>) => Promise<T> {
  return (call) =>
    new Promise((resolve, reject) => {
      const die = (): void => {
        if (!life.isOver) life.end();
        life.isOver = true;
      };
      time.after(1 + Math.floor(random() * MAX_LATENCY_MS), async () => {
        if (life.isOver) return;
        let draw = random();
        const happens = (rate: number): boolean => {
          const isSo = draw >= 0 && draw < rate;
          draw -= rate;
          return isSo;
        };
        if (happens(weather.crashed / 2)) return die();
        if (happens(weather.failed)) return reject(new Error('the call failed'));
        const isLost = happens(weather.lost);
        const isRepeated = happens(weather.repeated);
        const isLast = happens(weather.crashed / 2);
        let answer = await call();
        if (isLast) return die();
        if (isRepeated) answer = await call();
        if (isLost) reject(new Error('the reply was lost'));
        else resolve(answer);
      });
    });
}

/** A store whose every call goes through `through`; results are read without. */
export function throughStore(
  store: FanInStore,
  through: <T>(call: () => Promise<T>) => Promise<T>,
): FanInStore {
  return new Proxy(store, {
    get(target, method: keyof FanInStore) {
      const call = target[method].bind(target) as (...args: unknown[]) => Promise<unknown>;
      return method === 'readResults' ? call : (...args: unknown[]) => through(() => call(...args));
    },
  });
}
