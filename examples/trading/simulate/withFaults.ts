import { FanfoldError } from 'fanfold';

/** What becomes of one call: it never arrives, or it is applied and its reply lost. */
export type Strike = () => 'none' | 'before' | 'after';

const lost = () => new FanfoldError('Unavailable', 'the call was lost', { retryable: true });

/** What answers with a stream and not with a promise: it is left alone. */
const streams: readonly unknown[] = ['list', 'readResults'];

/** The same store, or client, whose calls are lost as `strike` says: harder than AWS, whose SDK tries again by itself. */
export function withFaults<S extends object>(inner: S, strike: Strike): S {
  return new Proxy(inner, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || streams.includes(name)) return method;
      return (...given: unknown[]) => {
        const fate = strike();
        if (fate === 'before') return Promise.reject(lost());
        const answer: unknown = Reflect.apply(method, target, given);
        if (fate === 'none' || !(answer instanceof Promise)) return answer;
        return answer.then(() => {
          throw lost();
        });
      };
    },
  });
}
