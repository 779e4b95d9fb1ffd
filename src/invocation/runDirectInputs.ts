import { runLanes } from '../runLanes.js';
import { deadlineNear } from './createProcessContext.js';
import { createSettler } from './createSettler.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { DirectInput } from './listInputs.js';
import { type ItemResult, runItem, toFailure } from './runItem.js';
import type { Worker } from './toWorker.js';

/** A result, and whether it belongs to a fan-in that does not know of it. */
export interface DirectResult<Result> {
  readonly result: ItemResult<Result>;
  readonly isUnsettled: boolean;
}

/**
 * Runs the inputs of a direct call; every one has a result in the end, in the order of the inputs. When failures are
 * answered (`answersFailures`), they are final, because nobody redelivers what was answered, and are settled first;
 * when they are thrown, the caller may try again, so that only what is permanent is settled.
 */
export async function runDirectInputs<Input, Result>(
  worker: Worker<Input, Result>,
  inputs: readonly DirectInput[],
  answersFailures: boolean,
  watch: DeadlineWatch,
): Promise<DirectResult<Result>[]> {
  const { fanIn, settlesPermanent, concurrency } = worker;
  const settle = fanIn && createSettler(fanIn);
  const results: (DirectResult<Result> | undefined)[] = inputs.map(() => undefined);
  const conclusions: Promise<void>[] = [];
  const started = new Set<number>();

  const conclude = async (
    { work }: DirectInput,
    result: ItemResult<Result>,
  ): Promise<DirectResult<Result>> => {
    const { outcome } = result;
    if (work?.fanIn === undefined) return { result, isUnsettled: false };
    const isFinal =
      outcome.status === 'succeeded' || (settlesPermanent && (answersFailures || !outcome.error.retryable));
    if (!isFinal || settle === undefined) return { result, isUnsettled: true };
    try {
      await settle(work.fanIn, outcome);
      return { result, isUnsettled: false };
    } catch (thrown) {
      return { result: toFailure(thrown, result.attempts), isUnsettled: true };
    }
  };

  // The first end of an item counts: one that finishes after the deadline ended it changes nothing.
  const end = (position: number, input: DirectInput, result: ItemResult<Result>): void => {
    conclusions[position] ??= conclude(input, result).then((concluded) => {
      results[position] = concluded;
    });
  };

  const run = async (input: DirectInput, position: number): Promise<void> => {
    if (input.work === undefined) return;
    started.add(position);
    const result = await runItem(worker, input.work, watch);
    end(position, input, result);
  };

  const late = (position: number): ItemResult<never> =>
    toFailure(deadlineNear(), started.has(position) ? 1 : 0, 'timedOut');

  /** Ends what is unfinished as timed out; what ended before may still settle. */
  const close = async (): Promise<void> => {
    for (const [position, input] of inputs.entries()) {
      if (input.work !== undefined) end(position, input, late(position));
    }
    await Promise.all(conclusions);
  };

  const lanes = runLanes(inputs, concurrency, run, watch.isNear);
  await Promise.race([lanes.then(() => Promise.all(conclusions)), watch.near]);
  if (watch.isNear()) await Promise.race([close(), watch.grace()]);
  return inputs.map(
    ({ refused, isEnveloped }, position) =>
      results[position] ?? { result: refused ?? late(position), isUnsettled: isEnveloped },
  );
}
