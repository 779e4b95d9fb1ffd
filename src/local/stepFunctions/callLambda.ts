import { isFanfoldError } from '../../errors.js';
import { FunctionError } from '../functionError.js';
import type { LambdaRunner } from '../lambdaRunner.js';
import { functionName } from './resource.js';
import { taskError } from './taskError.js';

function toTaskError(error: unknown): unknown {
  if (error instanceof FunctionError) {
    return taskError(error.payload.errorType, JSON.stringify(error.payload));
  }
  return isFanfoldError(error) ? taskError(`Lambda.${error.code}`, error.message) : error;
}

/** A function's answer; its error under its own name, Lambda's under `Lambda.`. */
export async function invokeLambda(runner: LambdaRunner, name: string, payload: unknown): Promise<unknown> {
  try {
    return await runner.invoke(name, payload);
  } catch (error) {
    throw toTaskError(error);
  }
}

/** `arn:aws:states:::lambda:invoke`: the answer is the `Payload` of what it gives back. */
export async function callLambda(
  runner: LambdaRunner,
  { FunctionName, Payload = {}, InvocationType }: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const name = functionName(String(FunctionName));
  const metadata = { SdkHttpMetadata: { HttpStatusCode: 200 } };
  if (InvocationType !== 'Event') {
    const answer = await invokeLambda(runner, name, Payload);
    return { ExecutedVersion: '$LATEST', Payload: answer, StatusCode: 200, ...metadata };
  }
  const { requestId } = await runner.invokeAsync(name, Payload).catch((error: unknown) => {
    throw toTaskError(error);
  });
  return { Payload: '', StatusCode: 202, SdkResponseMetadata: { RequestId: requestId }, ...metadata };
}
