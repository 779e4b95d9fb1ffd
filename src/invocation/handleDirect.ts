import type { ItemOutcome } from '../aggregation/outcome.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { Invocation } from './detectInvocation.js';
import { itemsFailed, toError, toManyAnswer, toOneAnswer } from './directAnswer.js';
import { listInputs } from './listInputs.js';
import { runDirectInputs } from './runDirectInputs.js';
import type { Worker } from './toWorker.js';
import { announceBatch } from './workerEvents.js';

/** Where somebody reads the answer. Every other source takes any answer for a success, and forgets the event. */
const answeredModes: ReadonlySet<Invocation['mode']> = new Set(['direct', 'step-functions', 'http']);

/**
 * Processes what a call that is no SQS batch carries, and answers or throws. An enveloped item whose outcome the
 * fan-in does not know makes the call throw whatever `directFailure` says: an answer would be its end.
 */
export async function handleDirect<Input, Result>(
  worker: Worker<Input, Result>,
  invocation: Invocation,
  event: unknown,
  watch: DeadlineWatch,
): Promise<unknown> {
  const startedAt = performance.now();
  const payload = 'payload' in invocation ? invocation.payload : event;
  const { inputs, isMany } = listInputs(payload, invocation, worker.fanIn !== undefined, worker.items);
  const answersFailures = answeredModes.has(invocation.mode) && !worker.throwsDirectly;
  const results = await runDirectInputs(worker, inputs, answersFailures, watch);

  const throws = results.some(
    ({ result, isUnsettled }) => isUnsettled || (!answersFailures && result.outcome.status !== 'succeeded'),
  );
  const outcomes = results.map(
    ({ result: { outcome, attempts } }, index): ItemOutcome<unknown, Result> => ({
      ...outcome,
      index,
      input: inputs[index]?.input,
      attempts,
    }),
  );
  const acknowledged = outcomes.filter(({ status }) => status === 'succeeded').length;
  const reported = outcomes.length - acknowledged;
  const { mode } = invocation;
  announceBatch(startedAt, { mode, records: outcomes.length, acknowledged, reported, postponed: 0 });
  const [first] = outcomes;
  if (throws && !isMany && first !== undefined && first.status !== 'succeeded') {
    throw toError(results[0]?.result.thrown, first.error);
  }
  let answer: unknown;
  if (worker.respond !== undefined) answer = await worker.respond(outcomes, invocation);
  else if (isMany || first === undefined) answer = toManyAnswer(outcomes, payload);
  else answer = toOneAnswer(first);
  if (throws) throw itemsFailed(outcomes, answer);
  return answer;
}
