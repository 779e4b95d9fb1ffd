import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const AT_ONCE = 16;
/** A call of a function that was killed never ends: its place is given away after this time. */
const LOST_AFTER_MS = 1_000;

/**
 * Lets few calls through at once, the newest waiting one first. On AWS 400 functions have 400 processors; here they
 * share one, and when 400 answers of the API arrive together it would otherwise take everybody's first step before
 * anybody's second: all would end at the end, instead of one after the other.
 */
export function depthFirst(client: DynamoDBClient): void {
  const waiting: (() => void)[] = [];
  let atOnce = 0;

  async function enter(): Promise<() => void> {
    if (atOnce >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    atOnce += 1;
    let left = false;
    const leave = () => {
      clearTimeout(timer);
      if (left) return;
      left = true;
      atOnce -= 1;
      waiting.pop()?.();
    };
    const timer = setTimeout(leave, LOST_AFTER_MS);
    return leave;
  }

  client.middlewareStack.add(
    (next) => async (input) => {
      const leave = await enter();
      try {
        return await next(input);
      } finally {
        leave();
      }
    },
    { step: 'initialize', name: 'depthFirst' },
  );
}
