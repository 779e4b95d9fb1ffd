import type { LambdaHandler, SqsBatchResponse, SqsRecord } from 'fanfold';
import { type Deliveries, watchDeliveries } from './deliveries.js';
import { type InFlight, watchInFlight } from './inFlight.js';
import type { Progress } from './startProgress.js';

/** What is seen of a run from the outside. */
export interface Observer {
  readonly inFlight: InFlight;
  readonly deliveries: Deliveries;
  readonly deadLettered: number;
  /** The delivery ids of the completions that took effect. */
  readonly completions: ReadonlySet<string>;
  /** When the completion was first known to be delivered, in epoch ms. */
  readonly deliveredAt: number | undefined;
  /** When the first message was about to be published, in epoch ms. */
  readonly publishedAt: number | undefined;
  /** What ended the run before its time. */
  readonly failure: unknown;
  published(): void;
  delivered(): void;
  completed(deliveryId: string): void;
  abort(error: unknown): void;
  watchDeadLetters(handler: LambdaHandler): LambdaHandler;
  progress(): Progress;
}

export function createObserver(brokenRows: number): Observer {
  const deliveries = watchDeliveries();
  const completions = new Set<string>();
  const deadLetters = new Set<string>();
  let deliveredAt: number | undefined;
  let publishedAt: number | undefined;
  let failure: unknown;
  const settled = () => deliveries.acknowledged + deadLetters.size + brokenRows;
  const inFlight = watchInFlight(settled);
  return {
    inFlight,
    deliveries,
    completions,
    get deadLettered() {
      return deadLetters.size;
    },
    get deliveredAt() {
      return deliveredAt;
    },
    get publishedAt() {
      return publishedAt;
    },
    get failure() {
      return failure;
    },
    published() {
      publishedAt ??= Date.now();
      inFlight.begin();
    },
    delivered() {
      deliveredAt ??= Date.now();
    },
    completed: (deliveryId) => completions.add(deliveryId),
    abort(error) {
      failure ??= error;
    },
    watchDeadLetters: (handler) => async (event, context) => {
      const answer = (await handler(event, context)) as SqsBatchResponse;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const { Records } = event as { Records: readonly SqsRecord[] };
      for (const { messageId } of Records) if (!failed.has(messageId)) deadLetters.add(messageId);
      return answer;
    },
    progress: () => ({
      settled: settled(),
      inFlight: inFlight.now,
      failed: deadLetters.size + brokenRows,
    }),
  };
}
