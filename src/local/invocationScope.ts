import { AsyncLocalStorage } from 'node:async_hooks';
import type { WireLayer } from './wire.js';

/** One run of a function's code: whatever it starts, however deep, finds this. */
export interface InvocationScope {
  /** What will be delivered again if this run dies: the ids of its messages, or of its asynchronous event. */
  readonly deliveryIds: readonly string[];
  /** Once true, the code's calls to AWS are neither sent nor answered. */
  dead: boolean;
  /** Ends the invocation as a process that was killed ends it. */
  kill(): void;
}

export type InvocationScopes = AsyncLocalStorage<InvocationScope>;

export const createInvocationScopes = (): InvocationScopes => new AsyncLocalStorage();

/** Never settles: what a dead process sees of its calls. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * Keeps dead invocations from AWS. In Lambda the process is gone; here its code lives on in the same event loop, and
 * must neither send a further call nor see the reply of one that was under way.
 */
export function createDeadLayer(scopes: InvocationScopes): WireLayer {
  return async (_call, next) => {
    const scope = scopes.getStore();
    if (scope?.dead) return never();
    try {
      const reply = await next();
      return scope?.dead ? await never() : reply;
    } catch (error) {
      if (scope?.dead) return never();
      throw error;
    }
  };
}
