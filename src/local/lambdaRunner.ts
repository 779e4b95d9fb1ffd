import { randomUUID } from 'node:crypto';
import { FanfoldError } from '../errors.js';
import { createAsyncQueue } from './asyncQueue.js';
import { type InvocationScopes, never } from './invocationScope.js';
import { createMetricsRecorder, type LambdaMetrics } from './lambdaMetrics.js';
import { MAX_ASYNCHRONOUS_BYTES, MAX_SYNCHRONOUS_BYTES, toPayload } from './payload.js';
import { type FunctionOptions, type RegisteredFunction, registeredFunction } from './registeredFunction.js';
import { type LocalHandler, type RunningInvocation, runInvocation } from './runInvocation.js';

/** Runs handlers as Lambda runs them. */
export interface LambdaRunner {
  /** Makes a handler known under a name; the same name again replaces it. */
  register<Event>(name: string, handler: LocalHandler<Event>, options?: FunctionOptions): void;
  /**
   * Invokes a function and waits for its answer.
   *
   * @throws FunctionError for code that threw, timed out or died · FanfoldError `ResourceNotFoundException` ·
   * `TooManyRequestsException`, retryable, at the limit of concurrency · `RequestTooLargeException` over 6 MB.
   */
  invoke(name: string, payload?: unknown): Promise<unknown>;
  /** Hands an event over (at most 1 MB) and resolves at once; the event is tried until it succeeds or its retries are used up. */
  invokeAsync(name: string, payload?: unknown): Promise<{ requestId: string }>;
  /** Of one function, or of all of them. */
  metrics(name?: string): LambdaMetrics;
}

/** The runner, with what only the event source mapping and {@link startLocal} need. */
export interface InternalLambdaRunner extends LambdaRunner {
  find(name: string): RegisteredFunction;
  /** How many more invocations of it could start now. */
  free(name: string): number;
  run(name: string, payload: string, deliveryIds: readonly string[], requestId?: string): Promise<unknown>;
  /** Calls back whenever an invocation has ended; answers how to stop that. */
  onFree(listener: () => void): () => void;
  stop(): void;
}

export function createLambdaRunner(options: {
  /** The account's limit. */
  readonly concurrency: number;
  readonly scopes: InvocationScopes;
  readonly now: () => number;
}): InternalLambdaRunner {
  const { concurrency, scopes, now } = options;
  const functions = new Map<string, RegisteredFunction>();
  const all = createMetricsRecorder();
  const running = new Set<RunningInvocation>();
  const listeners = new Set<() => void>();
  let stopped = false;
  const gone = () => new FanfoldError('AlreadyStopped', 'these local servers have been stopped');

  const find = (name: string): RegisteredFunction => {
    const found = functions.get(name);
    if (found) return found;
    throw new FanfoldError('ResourceNotFoundException', `Function not found: ${JSON.stringify(name)}`);
  };
  const free = (name: string): number => {
    const { concurrency: reserved, metrics } = find(name);
    return stopped ? 0 : Math.min(concurrency - all.inFlight, reserved - metrics.inFlight);
  };

  async function run(
    name: string,
    payload: string,
    deliveryIds: readonly string[],
    requestId: string = randomUUID(),
  ): Promise<unknown> {
    if (stopped) throw gone();
    const found = find(name);
    if (free(name) <= 0) {
      throw new FanfoldError('TooManyRequestsException', `${name}: Rate Exceeded.`, { retryable: true });
    }
    const startedAt = now();
    for (const metrics of [all, found.metrics]) metrics.started();
    const { handler, timeoutMs, memoryMb } = found;
    const parts = { functionName: name, handler, timeoutMs, memoryMb, requestId, payload, deliveryIds };
    const invocation = runInvocation({ ...parts, scopes, now });
    running.add(invocation);
    let failed = true;
    try {
      const answer = await invocation.answer;
      failed = false;
      return answer;
    } finally {
      running.delete(invocation);
      const sample = { functionName: name, startedAt, endedAt: now(), failed };
      for (const metrics of [all, found.metrics]) metrics.ended(sample);
      // Not at once: whoever waits for this answer acts on it before the slot is given away.
      queueMicrotask(() => {
        for (const listener of listeners) listener();
      });
    }
  }

  const queue = createAsyncQueue({ free, run });
  listeners.add(queue.drain);

  return {
    register(name, handler, settings = {}) {
      const metrics = functions.get(name)?.metrics;
      functions.set(name, registeredFunction(name, handler, settings, { concurrency, metrics }));
    },
    async invoke(name, payload) {
      if (scopes.getStore()?.dead) return never();
      find(name);
      return run(name, toPayload(payload, MAX_SYNCHRONOUS_BYTES), []);
    },
    async invokeAsync(name, payload) {
      if (scopes.getStore()?.dead) return never();
      if (stopped) throw gone();
      const event = { target: find(name), payload: toPayload(payload, MAX_ASYNCHRONOUS_BYTES) };
      return { requestId: queue.add(event) };
    },
    metrics: (name) => (name === undefined ? all : find(name).metrics),
    find,
    free,
    run,
    onFree(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stopped = true;
      listeners.clear();
      queue.stop();
      for (const invocation of running) invocation.abandon(gone());
    },
  };
}
