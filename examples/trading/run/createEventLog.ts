import type { LambdaHandler } from 'fanfold';
import type { Local } from 'fanfold/local';
import { createConsumerFunction, type Stores } from '../deploy.js';
import type { ConsumedEvent } from '../events/createEventConsumer.js';
import { SOURCE, type TradingEvent } from '../events/tradingEvent.js';

/** What came of the events of a workflow. */
export interface EventCounts {
  /** Put to EventBridge. */
  readonly put: number;
  /** Delivered to the consumer, in any number of tries. */
  readonly delivered: number;
  /** Effects that the consumer had. */
  readonly effects: number;
}

/** Watches events from both ends. */
export interface EventLog {
  /** The first effect of a workflow, whichever event it was of. */
  effectOf(correlationId: string, detailType: TradingEvent['detailType']): ConsumedEvent | undefined;
  countsOf(correlationId: string, detailType: TradingEvent['detailType']): EventCounts;
}

const correlationOf = (detail: unknown) => (detail as { readonly correlation_id?: unknown }).correlation_id;

/** Puts a consumer behind a rule for all events of this example, and counts what it gets and does. */
export function createEventLog(local: Local, stores: Stores): EventLog {
  const effects: ConsumedEvent[] = [];
  const deliveries: ConsumedEvent[] = [];
  const consumer = createConsumerFunction(stores, async (event) => {
    effects.push(event);
  });
  const watched: LambdaHandler = (event, context) => {
    deliveries.push(event as ConsumedEvent);
    return consumer(event, context);
  };
  local.lambda.register('consumer', watched, { timeoutMs: 30_000 });
  local.events.addRule({
    name: 'consumer',
    pattern: { source: [SOURCE] },
    target: { functionName: 'consumer' },
  });
  const of = (
    events: readonly { readonly 'detail-type': string; readonly detail: unknown }[],
    id: string,
    type: string,
  ) => events.filter((event) => event['detail-type'] === type && correlationOf(event.detail) === id);

  return {
    effectOf: (id, type) =>
      effects.find((event) => event['detail-type'] === type && correlationOf(event.detail) === id),
    countsOf: (id, type) => ({
      put: of(local.events.recorded, id, type).length,
      delivered: of(deliveries, id, type).length,
      effects: of(effects, id, type).length,
    }),
  };
}
