import type { Context } from 'aws-lambda';
import { lambdaContext } from 'fanfold/testing';

/** A whole Lambda context, as some of the contestants want one, with a deadline that is far away. */
export const context: Context = {
  ...lambdaContext({ timeoutMs: 900_000 }),
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'bench',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '1024',
  logGroupName: 'bench',
  logStreamName: 'bench',
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
