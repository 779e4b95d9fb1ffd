import { expectFunction, expectInteger, expectNumber, invalidArgument } from '../arguments.js';
import { createMetricsRecorder, type MetricsRecorder } from './lambdaMetrics.js';
import type { LocalHandler } from './runInvocation.js';

/** An asynchronous event that failed for good, in the fields of Lambda's destination record. */
export interface FailedEvent {
  readonly requestId: string;
  readonly functionName: string;
  /** How often it was tried. */
  readonly approximateInvokeCount: number;
  readonly requestPayload: unknown;
  readonly error: unknown;
}

export interface FunctionOptions {
  /** How long one invocation may take, in ms. @default 3_000 */
  readonly timeoutMs?: number;
  /** Reserved concurrency: how many invocations may run at once. @default as many as the account has */
  readonly concurrency?: number;
  /** What the context says; nothing enforces it. @default 128 */
  readonly memoryMb?: number;
  /** How often an asynchronous event that failed is tried again. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** The pause before that, in ms; AWS waits one and two minutes. @default 100 */
  readonly retryDelayMs?: number;
  /** Told of an asynchronous event that failed for good; it is dropped afterwards. */
  readonly onFailure?: (event: FailedEvent) => void;
}

/** A function as it was registered. */
export interface RegisteredFunction extends Required<Omit<FunctionOptions, 'onFailure'>> {
  readonly name: string;
  readonly handler: LocalHandler<unknown>;
  readonly onFailure: ((event: FailedEvent) => void) | undefined;
  readonly metrics: MetricsRecorder;
}

/** Checks what was given and fills in the defaults. */
export function registeredFunction<Event>(
  name: string,
  handler: LocalHandler<Event>,
  options: FunctionOptions,
  account: { readonly concurrency: number; readonly metrics: MetricsRecorder | undefined },
): RegisteredFunction {
  const { timeoutMs = 3_000, memoryMb = 128, maximumRetryAttempts = 2, retryDelayMs = 100 } = options;
  const { concurrency = account.concurrency, onFailure } = options;
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw invalidArgument('name', '1 to 64 letters, digits, hyphens or underscores', name);
  }
  expectFunction('handler', handler);
  expectInteger('timeoutMs', timeoutMs, 1, 900_000);
  expectInteger('concurrency', concurrency, 0);
  expectInteger('memoryMb', memoryMb, 128, 10_240);
  expectInteger('maximumRetryAttempts', maximumRetryAttempts, 0, 2);
  expectNumber('retryDelayMs', retryDelayMs, 0);
  if (onFailure !== undefined) expectFunction('onFailure', onFailure);
  const settings = { timeoutMs, concurrency, memoryMb, maximumRetryAttempts, retryDelayMs, onFailure };
  const metrics = account.metrics ?? createMetricsRecorder();
  // What arrives is JSON: the handler's own type says what it expects in it.
  return { name, handler: handler as LocalHandler<unknown>, ...settings, metrics };
}
