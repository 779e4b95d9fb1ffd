import { randomUUID } from 'node:crypto';
import type { RegisteredFunction } from './registeredFunction.js';

/** An event on its way to a function that nobody waits for. */
interface QueuedEvent {
  readonly target: RegisteredFunction;
  readonly payload: string;
  readonly requestId: string;
  readonly tries: number;
}

export interface AsyncQueue {
  /** Takes an event; answers its request id, the same for all of its tries. */
  add(event: { readonly target: RegisteredFunction; readonly payload: string }): string;
  /** Starts what can start now. */
  drain(): void;
  stop(): void;
}

/** Lambda's queue of asynchronous events: what is throttled waits here, what fails is tried again and then dropped. */
export function createAsyncQueue(runner: {
  free(name: string): number;
  run(name: string, payload: string, deliveryIds: readonly string[], requestId: string): Promise<unknown>;
}): AsyncQueue {
  let waiting: QueuedEvent[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function failed(event: QueuedEvent, error: unknown): void {
    if (stopped) return;
    const { target, payload, requestId } = event;
    const tries = event.tries + 1;
    if (tries > target.maximumRetryAttempts) {
      target.onFailure?.({
        requestId,
        functionName: target.name,
        approximateInvokeCount: tries,
        requestPayload: JSON.parse(payload),
        error,
      });
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      waiting.push({ ...event, tries });
      drain();
    }, target.retryDelayMs);
    timers.add(timer);
  }

  function drain(): void {
    const later: QueuedEvent[] = [];
    const now = waiting;
    waiting = [];
    for (const event of now) {
      const { target, payload, requestId } = event;
      if (runner.free(target.name) <= 0) later.push(event);
      else runner.run(target.name, payload, [requestId], requestId).catch((error) => failed(event, error));
    }
    waiting = [...later, ...waiting];
  }

  return {
    add({ target, payload }) {
      const requestId = randomUUID();
      waiting.push({ target, payload, requestId, tries: 0 });
      // The caller has its answer before the function runs, as on AWS.
      setImmediate(() => {
        if (!stopped) drain();
      });
      return requestId;
    },
    drain,
    stop() {
      stopped = true;
      waiting = [];
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
