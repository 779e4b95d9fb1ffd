import { FanfoldError } from '../errors.js';

/** The payload of an invocation that failed, as Lambda shapes it. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** A function's code threw, timed out or died. Its `code` is `FunctionError`, its `payload` what Lambda would answer. */
export class FunctionError extends FanfoldError {
  override readonly name = 'FunctionError';
  readonly payload: FunctionErrorPayload;

  constructor(payload: FunctionErrorPayload, { cause }: { cause?: unknown } = {}) {
    super('FunctionError', `${payload.errorType}: ${payload.errorMessage}`, { cause });
    this.payload = payload;
  }
}
