import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaHandler } from 'fanfold';

const AT_ONCE = 16;
/** A call of a function that timed out never ends: its place is given away after this time. */
const LOST_AFTER_MS = 1_000;

export interface Turns {
  /** Gives an invocation its place in the order. */
  inOrder(handler: LambdaHandler): LambdaHandler;
  /** Lets few of the client's calls through at once, those of the oldest invocation first. */
  limit(client: DynamoDBClient): void;
}

/**
 * On AWS 400 functions have 400 processors; here they share one. When 400 answers of the API arrive together, it would
 * take everybody's first step before anybody's second, and all would end at the end instead of one after the other.
 */
export function createTurns(): Turns {
  const orders = new AsyncLocalStorage<number>();
  /** Ascending by order. */
  const waiting: { readonly order: number; readonly enter: () => void }[] = [];
  let [started, atOnce] = [0, 0];

  function wait(order: number): Promise<void> {
    return new Promise((enter) => {
      const before = waiting.findLastIndex((other) => other.order <= order);
      waiting.splice(before + 1, 0, { order, enter });
    });
  }

  async function enter(): Promise<() => void> {
    if (atOnce >= AT_ONCE) await wait(orders.getStore() ?? 0);
    atOnce += 1;
    let left = false;
    const leave = () => {
      clearTimeout(timer);
      if (left) return;
      left = true;
      atOnce -= 1;
      waiting.shift()?.enter();
    };
    const timer = setTimeout(leave, LOST_AFTER_MS);
    return leave;
  }

  return {
    inOrder: (handler) => (event, context) => {
      started += 1;
      return orders.run(started, () => handler(event, context));
    },
    limit(client) {
      client.middlewareStack.add(
        (next) => async (input) => {
          const leave = await enter();
          try {
            return await next(input);
          } finally {
            leave();
          }
        },
        { step: 'initialize', name: 'takeTurns' },
      );
    },
  };
}
