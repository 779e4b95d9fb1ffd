import type { LambdaHandler, QueueSinkOptions, SqsBatchResponse } from 'fanfold';
import { sqsEvent } from 'fanfold/testing';
import type { Random } from '../../createRandom.js';
import type { VirtualTime } from './createVirtualTime.js';

interface Delivery {
  readonly messageId: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a client sends; of SQS's commands only what these examples use. */
interface Sent {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

export interface SimulatedQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly handler: LambdaHandler;
  /** Invocations at once. */
  readonly concurrency: number;
  readonly batchSize: number;
  /** Where messages go that were received so often; without it they come for ever. */
  readonly deadLetters?: { readonly maxReceiveCount: number; readonly handler: LambdaHandler } | undefined;
}

const VISIBILITY_MS = 90_000;
/** Within what time a message comes: the order is lost. */
const SPREAD_MS = 50;

/** A standard queue in memory: every message comes twice, in no order, and again when it is reported. */
export function createSimulatedQueue(options: SimulatedQueueOptions) {
  const { time, random, handler, concurrency, batchSize, deadLetters } = options;
  const visible: Delivery[] = [];
  const idle: (() => void)[] = [];
  let [sent, unsettled, running, deadLettered] = [0, 0, 0, 0];

  const after = async (ms: number, delivery: Delivery): Promise<void> => {
    unsettled += 1;
    await time.sleep(ms);
    visible.push(delivery);
    pump();
  };
  const send = ({ MessageBody: body = '', DelaySeconds = 0, MessageAttributes = {} }: Sent): string => {
    const messageId = `message-${sent++}`;
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    );
    // A copy that was postponed has its original's repeats behind it.
    for (let time = 0; time < (DelaySeconds > 0 ? 1 : 2); time += 1) {
      void after(DelaySeconds * 1_000 + random() * SPREAD_MS, {
        messageId,
        body,
        receiveCount: 1,
        attributes,
      });
    }
    return messageId;
  };

  /** A dead-letter queue gives no message up: it comes until its handler has taken it. */
  async function buryDead(delivery: Delivery, bury: LambdaHandler): Promise<void> {
    deadLettered += 1;
    const event = sqsEvent([delivery], { queueName: 'dead-letters' });
    for (;;) {
      const { batchItemFailures } = (await bury(event)) as SqsBatchResponse;
      if (batchItemFailures.length === 0) break;
      await time.sleep(VISIBILITY_MS);
    }
  }

  async function deliver(batch: readonly Delivery[]): Promise<void> {
    let failed: readonly string[];
    try {
      const answer = (await handler(sqsEvent(batch))) as SqsBatchResponse;
      failed = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    } catch {
      failed = batch.map(({ messageId }) => messageId);
    }
    for (const delivery of batch) {
      if (failed.includes(delivery.messageId)) {
        const { receiveCount } = delivery;
        if (deadLetters !== undefined && receiveCount >= deadLetters.maxReceiveCount)
          await buryDead(delivery, deadLetters.handler);
        else void after(VISIBILITY_MS, { ...delivery, receiveCount: receiveCount + 1 });
      }
      unsettled -= 1;
    }
    if (unsettled === 0) for (const tell of idle.splice(0)) tell();
  }

  function takeBatch(): Delivery[] {
    const batch: Delivery[] = [];
    for (const delivery of visible) {
      // Two deliveries of one message in a batch would share an answer.
      if (batch.length < batchSize && !batch.some(({ messageId }) => messageId === delivery.messageId))
        batch.push(delivery);
    }
    for (const delivery of batch) visible.splice(visible.indexOf(delivery), 1);
    return batch;
  }

  function pump(): void {
    while (running < concurrency && visible.length > 0) {
      running += 1;
      void deliver(takeBatch()).then(() => {
        running -= 1;
        pump();
      });
    }
  }

  const client: QueueSinkOptions['client'] = {
    async send(command: {
      readonly input: Sent & { readonly Entries?: readonly (Sent & { Id: string })[] };
    }) {
      const { Entries } = command.input;
      if (Entries === undefined) return { MessageId: send(command.input) };
      return { Successful: Entries.map((entry) => ({ Id: entry.Id, MessageId: send(entry) })) };
    },
  };
  return {
    client,
    /** Resolves once every delivery has ended. */
    whenEmpty: () =>
      new Promise<void>((resolve) => {
        if (unsettled === 0) resolve();
        else idle.push(resolve);
      }),
    get isEmpty() {
      return unsettled === 0;
    },
    get deadLettered() {
      return deadLettered;
    },
  };
}
