import { createWorker, detectInvocation, type ErrorInfo, type LambdaHandler, toResponse } from 'fanfold';
import { z } from 'zod';
import type { Mint, Minted } from '../createMint.js';
import { type MintRequest, toMintRequest } from '../mintRequest.js';
import { correlationId, type Log, type MinterContext, metricsOf } from './logLine.js';

/** What a direct request is answered with: nothing of it is lost because something else failed. */
export interface MintResponse {
  readonly successes: readonly Minted[];
  readonly failures: readonly { readonly sourceIdentifier: string; readonly error: ErrorInfo }[];
  readonly jobId?: string;
}

export interface DirectMinterParts {
  readonly mint: Mint;
  readonly log: Log;
}

/**
 * The Lambda that is called directly, by Step Functions or by anyone else: `{ sourceIdentifiers, jobId? }` →
 * `{ successes, failures, jobId? }`. A request that is not valid throws `InvalidRequest`. IAM: the registry's
 * `dynamodb:GetItem` and `dynamodb:PutItem`, no queue's.
 */
export function createDirectMinter({ mint, log }: DirectMinterParts): LambdaHandler {
  const worker = createWorker({
    input: z.string(),
    // A request that is checked already; only its type has been forgotten.
    items: (request) => toMintRequest(request).sourceIdentifiers,
    process: (sourceIdentifier, { signal }) => mint(sourceIdentifier, signal),
    respond: (outcomes) => toResponse(outcomes, { key: 'sourceIdentifier' }),
    concurrency: 20,
  });

  return async (event, context?: MinterContext) => {
    const startedAt = performance.now();
    const invocation = detectInvocation(event);
    const executionId =
      invocation.mode === 'step-functions' ? invocation.stepFunctions.executionId : undefined;
    const say = (level: 'INFO' | 'ERROR', message: string, { jobId, counts }: Told) =>
      log({
        ...{
          level,
          message,
          interface: 'direct',
          correlation_id: correlationId(context, jobId, executionId),
        },
        ...metricsOf(startedAt, ...counts),
      });
    let request: MintRequest;
    try {
      request = toMintRequest('payload' in invocation ? invocation.payload : event);
    } catch (error) {
      say('ERROR', error instanceof Error ? error.message : String(error), { counts: [0, 0] });
      throw error;
    }
    const { jobId, sourceIdentifiers } = request;
    // What `respond` shaped.
    const answer = (await worker(request, context)) as Omit<MintResponse, 'jobId'>;
    const failed = answer.failures.length;
    say(failed === 0 ? 'INFO' : 'ERROR', 'minted', { jobId, counts: [sourceIdentifiers.length, failed] });
    return { ...answer, ...(jobId === undefined ? {} : { jobId }) };
  };
}

interface Told {
  readonly jobId?: string | undefined;
  readonly counts: readonly [batchSize: number, failures: number];
}
