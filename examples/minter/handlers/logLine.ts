import { randomUUID } from 'node:crypto';
import type { LambdaContext } from 'fanfold';

/** One line of the log; every one can be found by its correlation id. No request, no answer. */
export interface LogLine {
  readonly level: 'INFO' | 'ERROR';
  readonly message: string;
  readonly interface: 'direct' | 'sqs';
  readonly correlation_id: string;
  /** In ms. */
  readonly processing_time: number;
  readonly batch_size: number;
  readonly success_count: number;
  readonly failure_count: number;
}

export type Log = (line: LogLine) => void;

/** Lambda's context, with what the log wants of it. */
export type MinterContext = LambdaContext & { readonly awsRequestId?: string };

/** Names a call in the log: as the caller named its job, else as Step Functions or Lambda named the call. */
export function correlationId(context: MinterContext | undefined, ...given: (string | undefined)[]): string {
  return given.find((id) => id !== undefined) ?? context?.awsRequestId ?? randomUUID();
}

/** The metrics of one call, begun at `startedAt` of `performance.now()`. */
export function metricsOf(
  startedAt: number,
  batchSize: number,
  failures: number,
): Pick<LogLine, 'processing_time' | 'batch_size' | 'success_count' | 'failure_count'> {
  return {
    processing_time: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
    batch_size: batchSize,
    success_count: batchSize - failures,
    failure_count: failures,
  };
}
