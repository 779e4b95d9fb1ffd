/** What waits to be sent. */
export interface Waiting {
  readonly bytes: number;
  /** Messages of one group keep their order; `undefined` has none to keep. */
  readonly group: string | undefined;
}

/** What one call may carry. */
export interface CallLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Whether a call may carry several messages of one group. */
  readonly batchGroups: boolean;
}

/** Decides what may be sent next: groups go in parallel, a group one call after another. */
export interface Lanes<M extends Waiting> {
  add(message: M): void;
  /** Moves what may go now into the call that is being filled, and says how far that got. */
  fill(): 'full' | 'partial' | 'empty';
  /** Closes the call that is being filled, and hands it out. */
  launch(): M[];
  /** The message has been settled; with the last one of its call its group may go on. */
  release(message: M): void;
  /** How many messages are in no call yet. */
  waiting(): number;
}

/**
 * How many lanes a call passes over, because their next message is too large for the rest of it, before it goes. Bytes
 * that stay empty are calls that are paid for: of mixed sizes, looking at none would cost a third more calls.
 */
const LOOK_PAST = 32;

interface Lane<M> {
  readonly messages: M[];
  /** How many of its messages are in a call. */
  out: number;
}

/**
 * Lanes for the messages of a queue, pure and in memory: one for each group that has messages, one for every message
 * without a group. A lane leaves `ready` with the call that takes from it and returns when that has been settled, which
 * is what keeps the order of a group, retries included.
 */
export function createLanes<M extends Waiting>({ maxEntries, maxBytes, batchGroups }: CallLimits): Lanes<M> {
  const groups = new Map<string, Lane<M>>();
  // A Set keeps the order of arrival and gives up any lane in constant time.
  const ready = new Set<Lane<M>>();
  let waiting = 0;
  let call: M[] = [];
  let bytes = 0;
  let taken: Lane<M>[] = [];

  return {
    add(message) {
      waiting++;
      const { group } = message;
      const known = group === undefined ? undefined : groups.get(group);
      if (known !== undefined) {
        known.messages.push(message);
        return;
      }
      const lane: Lane<M> = { messages: [message], out: 0 };
      if (group !== undefined) groups.set(group, lane);
      ready.add(lane);
    },

    fill() {
      let passed = 0;
      for (const lane of ready) {
        while (lane.out === 0 || batchGroups) {
          const [first] = lane.messages;
          if (first === undefined) break;
          if (call.length === maxEntries) return 'full';
          if (bytes + first.bytes > maxBytes) {
            // Another lane may have what fits; the longest passed over opens the next call, so that none starves.
            if (++passed > LOOK_PAST) return 'full';
            break;
          }
          lane.messages.shift();
          call.push(first);
          bytes += first.bytes;
          waiting--;
          if (lane.out++ === 0) taken.push(lane);
        }
      }
      return call.length === maxEntries ? 'full' : call.length > 0 ? 'partial' : 'empty';
    },

    launch() {
      for (const lane of taken) ready.delete(lane);
      const launched = call;
      [call, bytes, taken] = [[], 0, []];
      return launched;
    },

    release({ group }) {
      const lane = group === undefined ? undefined : groups.get(group);
      if (group === undefined || lane === undefined || --lane.out > 0) return;
      if (lane.messages.length > 0) ready.add(lane);
      else groups.delete(group);
    },

    waiting: () => waiting,
  };
}
