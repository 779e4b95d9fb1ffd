import type { FanInStore } from '../src/aggregation/fanInStore.js';
import {
  createFanInMemory,
  type FanInMemory,
  memoryFanInStore,
} from '../src/aggregation/memoryFanInStore.js';
import { canonical, createInterner } from './canonical.js';
import type { Answer, Call } from './process.js';

/** Every state that the table was seen in, by number; a call leads from one to another. */
export interface Tables {
  readonly empty: number;
  contents(state: number): FanInMemory;
  call(state: number, call: Call): Promise<{ readonly state: number; readonly answer: Answer }>;
  /** Whether a text occurs anywhere in it. */
  mentions(state: number, text: string): boolean;
  size(): number;
}

export type TableWrapper = (store: FanInStore) => FanInStore;

export function toAnswer(value: unknown): Answer {
  return { ok: true, value, text: canonical(value) };
}

function copyOf({ metas, leaves, branches, texts, cursors }: FanInMemory): FanInMemory {
  return {
    metas: new Map(metas),
    leaves: new Map(leaves),
    branches: new Map(branches),
    texts: new Map(texts),
    cursors: new Map(cursors),
  };
}

function fingerprint(texts: WeakMap<object, string>, memory: FanInMemory): string {
  const shelves = [memory.metas, memory.leaves, memory.branches, memory.texts, memory.cursors];
  return shelves
    .map((shelf) =>
      [...shelf]
        .map(([name, kept]) => {
          const known = texts.get(kept) ?? `${name}=${canonical(kept)}`;
          texts.set(kept, known);
          return known;
        })
        .sort()
        .join('\n'),
    )
    .join('\n\n');
}

/** A table over the real memory store. `wrap` breaks it, for mutants. */
export function createTables(wrap: TableWrapper = (store) => store): Tables {
  const interner = createInterner();
  const texts = new WeakMap<object, string>();
  const states: FanInMemory[] = [];
  const prints: string[] = [];
  const known = new Map<string, { state: number; answer: Answer }>();

  function stateOf(memory: FanInMemory): number {
    const print = fingerprint(texts, memory);
    const id = interner.idOf(print);
    states[id] ??= memory;
    prints[id] ??= print;
    return id;
  }
  function contents(state: number): FanInMemory {
    const memory = states[state];
    if (memory === undefined) throw new Error(`no table state ${state}`);
    return memory;
  }

  async function run(store: FanInStore, { method, args }: Call): Promise<unknown> {
    if (method === 'readResults') {
      const [id, leaf, now] = args as Parameters<FanInStore['readResults']>;
      const found: unknown[] = [];
      for await (const result of store.readResults(id, leaf, now)) found.push(result);
      return found;
    }
    const call = store[method as keyof FanInStore] as (...args: readonly unknown[]) => Promise<unknown>;
    return call.apply(store, [...args]);
  }

  return {
    empty: stateOf(createFanInMemory()),
    contents,
    async call(state, call) {
      const key = `${state} ${call.text}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const memory = copyOf(contents(state));
      const answer = toAnswer(await run(wrap(memoryFanInStore(memory)), call));
      const reached = { state: stateOf(memory), answer };
      known.set(key, reached);
      return reached;
    },
    mentions: (state, text) => prints[state]?.includes(text) ?? false,
    size: () => states.length,
  };
}
