import { toErrorInfo } from '../aggregation/outcome.js';
import { FunctionError } from './functionError.js';
import type { InvocationScope, InvocationScopes } from './invocationScope.js';
import { type LambdaContext, lambdaContext } from './lambdaContext.js';
import { MAX_SYNCHRONOUS_BYTES } from './payload.js';

/** A Lambda handler: asynchronous, or of the callback style. */
export type LocalHandler<Event> = (
  event: Event,
  context: LambdaContext,
  callback: (error?: unknown, answer?: unknown) => void,
) => unknown;

/** One run of a function's code. */
export interface InvocationParts {
  readonly functionName: string;
  readonly handler: LocalHandler<unknown>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly requestId: string;
  /** The event as JSON: a handler shares no object with its caller. */
  readonly payload: string;
  readonly deliveryIds: readonly string[];
  readonly scopes: InvocationScopes;
  readonly now: () => number;
}

/** A run that can be ended from outside. */
export interface RunningInvocation {
  /** The answer, as JSON gives it back; a `FunctionError` when the code threw, timed out or died. */
  readonly answer: Promise<unknown>;
  /** Ends it with `error`; the code makes no further call to AWS. */
  abandon(error: Error): void;
}

function throughJson(answer: unknown): unknown {
  let text: string;
  try {
    text = JSON.stringify(answer ?? null) ?? 'null';
  } catch (cause) {
    const errorMessage = 'Unable to stringify response body';
    throw new FunctionError({ errorType: 'Runtime.MarshalError', errorMessage }, { cause });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SYNCHRONOUS_BYTES) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_SYNCHRONOUS_BYTES} bytes).`;
    throw new FunctionError({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
  }
  return JSON.parse(text);
}

function thrownByCode(error: unknown): FunctionError {
  const { name, message } = toErrorInfo(error);
  const stack = error instanceof Error ? error.stack?.split('\n') : undefined;
  const payload = { errorType: name, errorMessage: message, ...(stack ? { trace: stack } : {}) };
  return new FunctionError(payload, { cause: error });
}

/** Runs a handler once, as Lambda would: within its timeout, its event and answer as JSON, dead after its end. */
export function runInvocation(parts: InvocationParts): RunningInvocation {
  const { functionName, handler, timeoutMs, memoryMb, requestId, payload, deliveryIds, scopes, now } = parts;
  let abandon: (error: Error) => void = () => {};
  const answer = new Promise<unknown>((resolve, reject) => {
    const fail = (errorType: string, message: string) =>
      abandon(new FunctionError({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` }));
    const scope: InvocationScope = {
      deliveryIds,
      dead: false,
      kill: () => fail('Runtime.ExitError', 'Runtime exited with error: signal: killed'),
    };
    const seconds = (timeoutMs / 1_000).toFixed(2);
    const timer = setTimeout(
      () => fail('Sandbox.Timedout', `Task timed out after ${seconds} seconds`),
      timeoutMs,
    );
    abandon = (error) => {
      scope.dead = true;
      clearTimeout(timer);
      reject(error);
    };
    const end = (value: unknown) => {
      clearTimeout(timer);
      try {
        resolve(throughJson(value));
      } catch (error) {
        reject(error);
      }
    };
    const refuse = (error: unknown) => {
      clearTimeout(timer);
      reject(thrownByCode(error));
    };
    const callback = (error?: unknown, value?: unknown) =>
      error === null || error === undefined ? end(value) : refuse(error);
    const context = lambdaContext({
      functionName,
      requestId,
      memoryMb,
      deadlineAt: now() + timeoutMs,
      now,
      callback,
    });
    scopes.run(scope, () => {
      try {
        const returned = handler(JSON.parse(payload), context, callback);
        // A handler that takes the callback and returns nothing has not ended yet.
        if (returned !== undefined || handler.length < 3) Promise.resolve(returned).then(end, refuse);
      } catch (error) {
        refuse(error);
      }
    });
  });
  return { answer, abandon: (error) => abandon(error) };
}
