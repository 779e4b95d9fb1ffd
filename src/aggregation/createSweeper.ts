import { expectFunction, expectInteger } from '../arguments.js';
import type { FanIn, SweepResult } from './fanIn.js';

export interface SweeperOptions {
  /** With the `onComplete` of the jobs that it may have to deliver. */
  readonly fanIn: Pick<FanIn, 'sweep'>;
  /** How many fan-ins one invocation looks at. @default 100 */
  readonly limit?: number;
}

/**
 * Creates a Lambda handler for a schedule (every minute, say), which heals what nobody redelivers: fan-ins past their
 * deadline, openings, seals and deliveries that somebody died over. It answers with what it did; one fan-in's error
 * is reported in `failed` and never stops the rest, so alarm on its length.
 *
 * AWS calls and IAM actions: those of the fan-in's store, and `dynamodb:Query` on the table's index.
 *
 * @throws FanfoldError `InvalidArgument` for a bad option.
 * @example
 * ```ts
 * export const handler = createSweeper({ fanIn });
 * ```
 */
export function createSweeper({ fanIn, limit = 100 }: SweeperOptions): () => Promise<SweepResult> {
  expectFunction('fanIn.sweep', fanIn?.sweep);
  expectInteger('limit', limit, 1, 1_000);
  return () => fanIn.sweep({ limit });
}
