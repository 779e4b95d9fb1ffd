import type { Jobs } from 'fanfold';
import type { Publish, TradingEvent } from './tradingEvent.js';

export interface ConcludeParts {
  readonly jobs: Pick<Jobs<unknown, TradingEvent | null>, 'run'>;
  readonly publish: Publish;
}

export interface ConcludeOptions {
  /** Decides and sends nothing: a shadow's conclusion is for comparison. */
  readonly isShadow?: boolean;
}

/** Ends a workflow with one event: `decide` says which, once, and it is sent; answers with what was decided. */
export type Conclude = (
  workflowId: string,
  decide: () => TradingEvent | Promise<TradingEvent>,
  options?: ConcludeOptions,
) => Promise<TradingEvent>;

/** The record of a workflow's conclusion. */
export const conclusionOf = (workflowId: string): string => `conclusion/${workflowId}`;

/**
 * Which event ends a workflow is recorded before it is sent: a process that dies after sending it sends the *same*
 * event again when it is tried again, never another one. Between sending and recording that it was sent no store can help:
 * consumers deduplicate (`createEventConsumer`).
 */
export function createConclude({ jobs, publish }: ConcludeParts): Conclude {
  return async (workflowId, decide, { isShadow = false } = {}) => {
    // What failed for a while, such as a call, may be tried again by the next delivery.
    const again = { retryFailed: true };
    const event = await jobs.run<TradingEvent>(conclusionOf(workflowId), decide, again);
    if (isShadow) return event;
    await jobs.run(
      `published/${workflowId}`,
      async () => {
        await publish(event);
        return null;
      },
      again,
    );
    return event;
  };
}
