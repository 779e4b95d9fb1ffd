import { LOCAL_ACCOUNT, LOCAL_REGION } from './clientConfig.js';

/** The second argument of a handler; the whole of `Context` in `@types/aws-lambda`. */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  /** How long the function may still run, in ms. */
  getRemainingTimeInMillis(): number;
  /** @deprecated Return or throw instead. */
  done(error?: unknown, answer?: unknown): void;
  /** @deprecated Throw instead. */
  fail(error: unknown): void;
  /** @deprecated Return instead. */
  succeed(answer: unknown): void;
}

/** What a context is made of. */
export interface LambdaContextParts {
  readonly functionName: string;
  readonly requestId: string;
  readonly memoryMb: number;
  readonly deadlineAt: number;
  readonly now: () => number;
  /** Ends the invocation: handlers of the callback style use it. */
  readonly callback: (error?: unknown, answer?: unknown) => void;
}

/** A context as Lambda's runtime makes it. */
export function lambdaContext(parts: LambdaContextParts): LambdaContext {
  const { functionName, requestId, memoryMb, deadlineAt, now, callback } = parts;
  const day = new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${functionName}`,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${day}/[$LATEST]local`,
    getRemainingTimeInMillis: () => Math.max(0, deadlineAt - now()),
    done: callback,
    fail: (error) => callback(error ?? new Error('unknown error')),
    succeed: (answer) => callback(null, answer),
  };
}
