import { canonical, createInterner } from './canonical.js';
import type { Answer, Call } from './process.js';

/** Every state that the table was seen in, by number; a call leads from one to another. */
export interface Tables<T> {
  readonly empty: number;
  contents(state: number): T;
  call(state: number, call: Call): Promise<{ readonly state: number; readonly answer: Answer }>;
  /** Whether its store has such a method. */
  has(method: string): boolean;
  /** Whether a text occurs anywhere in it. */
  mentions(state: number, text: string): boolean;
  size(): number;
}

/** What a memory store holds: maps whose values are never changed in place. */
export type Shelves<T> = { readonly [K in keyof T]: Map<string, unknown> };

export function toAnswer(value: unknown): Answer {
  return { ok: true, value, text: canonical(value) };
}

async function collect(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const one of list) found.push(one);
  return found;
}

async function run(store: object, { method, args }: Call): Promise<unknown> {
  const call: unknown = Reflect.get(store, method);
  if (typeof call !== 'function') throw new Error(`the store has no ${method}`);
  const reply: unknown = Reflect.apply(call, store, args);
  const isList = typeof reply === 'object' && reply !== null && Symbol.asyncIterator in reply;
  return isList ? collect(reply as AsyncIterable<unknown>) : reply;
}

/** A table over a real memory store: `open` puts the store, broken or not, over a copy of what it holds. */
export function createTables<T extends Shelves<T>>(fresh: T, open: (memory: T) => object): Tables<T> {
  const interner = createInterner();
  const texts = new WeakMap<object, string>();
  const states: T[] = [];
  const prints: string[] = [];
  const known = new Map<string, { state: number; answer: Answer }>();
  const methods = new Set(Object.keys(open(fresh)));
  const shelvesOf = (memory: T) => Object.values<Map<string, unknown>>(memory);

  function textOf(name: string, kept: unknown): string {
    if (typeof kept !== 'object' || kept === null) return `${name}=${canonical(kept)}`;
    const text = texts.get(kept) ?? `${name}=${canonical(kept)}`;
    texts.set(kept, text);
    return text;
  }
  function fingerprint(memory: T): string {
    return shelvesOf(memory)
      .map((shelf) =>
        Array.from(shelf, ([name, kept]) => textOf(name, kept))
          .sort()
          .join('\n'),
      )
      .join('\n\n');
  }
  function copyOf(memory: T): T {
    const copies = Object.entries<Map<string, unknown>>(memory).map(([name, shelf]) => [
      name,
      new Map(shelf),
    ]);
    return Object.fromEntries(copies);
  }
  function stateOf(memory: T): number {
    const print = fingerprint(memory);
    const id = interner.idOf(print);
    states[id] ??= memory;
    prints[id] ??= print;
    return id;
  }
  function contents(state: number): T {
    const memory = states[state];
    if (memory === undefined) throw new Error(`no table state ${state}`);
    return memory;
  }

  return {
    empty: stateOf(fresh),
    contents,
    async call(state, call) {
      const key = `${state} ${call.text}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const memory = copyOf(contents(state));
      const answer = toAnswer(await run(open(memory), call));
      const reached = { state: stateOf(memory), answer };
      known.set(key, reached);
      return reached;
    },
    has: (method) => methods.has(method),
    mentions: (state, text) => prints[state]?.includes(text) ?? false,
    size: () => states.length,
  };
}
