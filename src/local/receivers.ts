import type { Message } from '@aws-sdk/client-sqs';

const MESSAGES_PER_CALL = 10;
const LONG_POLL_SECONDS = 20;
/** Each full reply starts up to ten functions in this process: with more at once its turns would become long. */
const MAX_RECEIVERS = 3;
const PAUSE_AFTER_ERROR_MS = 100;

export interface ReceiversParts {
  readonly receive: (maxMessages: number, waitSeconds: number, signal: AbortSignal) => Promise<Message[]>;
  /** How many messages could be used now, those under way not counted. */
  readonly wanted: () => number;
  /** Ask for multiples of this, so that batches come out whole. */
  readonly step: number;
  readonly received: (messages: Message[]) => void;
}

/** A few receivers that keep as many messages coming as are wanted. */
export interface Receivers {
  /** Looks whether more is wanted. */
  pump(): void;
  stop(): void;
}

/**
 * One receiver waits by long poll; others join it, without waiting, while replies come back full, and leave with the
 * first empty one. So an idle queue costs one waiting call, and 400 free functions do not need 400 pollers. Whoever
 * joins asks for a full call: functions that become free one by one share the next.
 */
export function createReceivers({ receive, wanted, step, received }: ReceiversParts): Receivers {
  const stopping = new AbortController();
  const inSteps = (count: number) => Math.floor(count / step) * step;
  const full = inSteps(MESSAGES_PER_CALL);
  let [active, asked, allowed] = [0, 0, 1];
  let pause: NodeJS.Timeout | undefined;

  async function receiveOnce(count: number, waitSeconds: number): Promise<void> {
    active += 1;
    asked += count;
    let messages: Message[] | undefined;
    try {
      messages = await receive(count, waitSeconds, stopping.signal);
    } catch {
      // Stopped, or the service is out of reach in spite of the SDK's retries: keep trying, without haste.
    }
    active -= 1;
    asked -= count;
    if (stopping.signal.aborted) return;
    if (messages === undefined) {
      allowed = 1;
      pause ??= setTimeout(() => {
        pause = undefined;
        pump();
      }, PAUSE_AFTER_ERROR_MS);
      return;
    }
    if (messages.length === 0) allowed = 1;
    else if (messages.length === count) allowed = Math.min(MAX_RECEIVERS, allowed * 2);
    received(messages);
  }

  function pump(): void {
    while (!stopping.signal.aborted && pause === undefined && active < allowed) {
      const most = inSteps(Math.min(MESSAGES_PER_CALL, wanted() - asked));
      if (most < 1 || (active > 0 && most < full)) return;
      void receiveOnce(most, active === 0 ? LONG_POLL_SECONDS : 0);
    }
  }

  return {
    pump,
    stop() {
      clearTimeout(pause);
      stopping.abort();
    },
  };
}
