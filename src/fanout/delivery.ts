import { type CallError, readCallError } from './callError.js';
import type { Ledger, Pending } from './ledger.js';
import { createRetries, type RetryPolicies } from './retry.js';
import type { Answer, SendBatch } from './sendBatch.js';
import { sleep } from './sleep.js';

/** What a delivery works with. */
export interface DeliveryOptions {
  readonly sendBatch: SendBatch;
  readonly retry: RetryPolicies;
  readonly ledger: Ledger;
  /** No further call begins once it aborts. */
  readonly stopping: AbortSignal;
  /** Aborts the calls under way. */
  readonly stopped: AbortSignal;
}

/** Brings calls to their end. */
export interface Delivery {
  /**
   * Sends the messages of one call, again where that can help, until each is settled in the ledger; when it is stopped
   * it leaves the rest open there. Never rejects.
   */
  deliver(call: readonly Pending[]): Promise<void>;
  /** How many requests were made. */
  calls(): number;
}

/** Deliveries to one queue: they share the knowledge that the queue refuses us altogether. */
export function createDelivery({ sendBatch, retry, ledger, stopping, stopped }: DeliveryOptions): Delivery {
  let calls = 0;
  let refusal: CallError | undefined;

  const send = async (batch: readonly Pending[]): Promise<Answer[] | CallError> => {
    calls++;
    for (const pending of batch) pending.attempts++;
    try {
      return await sendBatch(batch, stopped);
    } catch (error) {
      return readCallError(error);
    }
  };

  /** Settles what is settled by its answer; the wait before the next try otherwise. */
  const settle = (pending: Pending, answer: Answer | CallError, draw: number): number | undefined => {
    if ('ok' in answer && answer.ok) {
      ledger.published(pending, answer);
      return undefined;
    }
    const { code, message, senderFault } = answer;
    const retryable = 'retryable' in answer ? answer.retryable : !senderFault;
    pending.delayAfter ??= createRetries(retry);
    pending.lastCode = code;
    const delayMs = pending.delayAfter({ name: code, code, message, retryable }, () => draw);
    if (delayMs === undefined) ledger.failed(pending, { code, message, senderFault });
    return delayMs;
  };

  const deliver = async (call: readonly Pending[]): Promise<void> => {
    let batch = call;
    while (batch.length > 0 && !stopping.aborted) {
      const answers = refusal ?? (await send(batch));
      if (stopped.aborted) return;
      if (!Array.isArray(answers)) {
        if (answers.isFinal) refusal = answers;
        // The fault can be one message's: alone, it takes no neighbour along.
        else if (answers.senderFault && batch.length > 1) {
          for (const pending of batch) await deliver([pending]);
          return;
        }
      }
      // One draw for all: the longest of several would hardly be random any more.
      const draw = Math.random();
      const again: Pending[] = [];
      let longestMs = 0;
      for (const [position, pending] of batch.entries()) {
        const answer = Array.isArray(answers) ? answers[position] : answers;
        const delayMs = answer && settle(pending, answer, draw);
        if (delayMs === undefined) continue;
        again.push(pending);
        longestMs = Math.max(longestMs, delayMs);
      }
      ledger.progress();
      if (again.length > 0) await sleep(longestMs, stopping);
      batch = again;
    }
  };

  return { deliver, calls: () => calls };
}
