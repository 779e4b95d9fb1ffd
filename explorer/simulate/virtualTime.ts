interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that jumps from event to event. */
export interface VirtualTime {
  now(): number;
  after(ms: number, run: () => void): void;
  /** Runs what is due next, and lets the code behind it go as far as it can; `false` when nothing is due any more. */
  advance(): Promise<boolean>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createVirtualTime(start: number): VirtualTime {
  const heap: Event[] = [];
  let now = start;
  let order = 0;
  const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(event: Event): void {
    let at = heap.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }
  function pop(): Event | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [l, r] = [heap[left], heap[left + 1]];
      const below = r !== undefined && l !== undefined && isBefore(r, l) ? left + 1 : left;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
    return first;
  }

  return {
    now: () => now,
    after(ms, run) {
      order += 1;
      push({ at: now + ms, order, run });
    },
    async advance() {
      const first = pop();
      if (first === undefined) return false;
      now = first.at;
      first.run();
      while (heap[0]?.at === now) pop()?.run();
      // A handler may defer its next step to the next turn of the event loop, not further.
      await turn();
      await turn();
      return true;
    },
  };
}
