import { createRandom } from '../../examples/createRandom.js';
import { createFanIn } from '../../src/aggregation/createFanIn.js';
import { createSweeper } from '../../src/aggregation/createSweeper.js';
import type { CompletionSummary, FanIn } from '../../src/aggregation/fanIn.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import { memoryFanInStore } from '../../src/aggregation/memoryFanInStore.js';
import { outcomeStatuses } from '../../src/aggregation/outcome.js';
import { checkLedger } from './checkLedger.js';
import { bury, type Copy, MAX_RECEIVES, work } from './handlers.js';
import { meterStore } from './meter.js';
import { type Life, stormy, stormyCall, throughStore } from './stormyStore.js';
import { createVirtualTime } from './virtualTime.js';

const BATCH = 10;
const WORKERS = 100;
const VISIBILITY_MS = 180_000;
const SWEEP_MS = 60_000;
const LONGEST_MS = 24 * 3_600_000;
/** Of the messages that are received: delivered once more. */
const DUPLICATES = 0.01;

export interface Simulated {
  readonly seed: number;
  readonly items: number;
  readonly violations: readonly string[];
  readonly crashes: number;
  readonly deliveries: number;
  readonly virtualSeconds: number;
  readonly writeUnitsPerItem: number;
}

/** One job among many workers, in virtual time, with random faults, until everything is quiet. */
export async function simulateJob(items: number, seed: number): Promise<Simulated> {
  const random = createRandom(seed);
  const time = createVirtualTime(1_700_000_000_000);
  const violations: string[] = [];
  const truth = new Uint8Array(items);
  const recorded = new Uint8Array(items);
  const summaries: CompletionSummary[] = [];
  const began = time.now();
  let crashes = 0;
  let names = 0;

  const meter = meterStore(memoryFanInStore(), time.now);
  const watched: FanInStore = {
    ...meter.store,
    async addToLeaf(id, position, write, leafSize, now) {
      const written = await meter.store.addToLeaf(id, position, write, leafSize, now);
      if (!written.applied) return written;
      for (const [bucket, status] of outcomeStatuses.entries()) {
        for (const offset of write[status]) truth[position * leafSize + offset] ||= bucket + 1;
      }
      return written;
    },
  };

  function equip(life: Life): FanIn {
    const through = stormyCall(time, random, life, stormy);
    const fanIn = createFanIn({
      store: throughStore(watched, through),
      onComplete: (summary) => through(async () => summaries.push(summary)),
      now: time.now,
      randomId() {
        names += 1;
        return `id-${names}`;
      },
    });
    const settle: FanIn['settle'] = async (id, entries) => {
      const result = await fanIn.settle(id, entries);
      for (const [position, answer] of result.entries.entries()) {
        const index = entries[position]?.index ?? 0;
        if (answer === 'recorded' && recorded[index]) violations.push(`${index} was recorded twice`);
        if (answer === 'recorded') recorded[index] = 1;
      }
      return result;
    };
    return { ...fanIn, settle };
  }

  /** Runs a task in a process of its own; `undefined` when the process died. */
  function run<T>(task: (fanIn: FanIn) => Promise<T>): Promise<{ ok: boolean; value?: T } | undefined> {
    return new Promise((resolve) => {
      const life: Life = {
        isOver: false,
        end() {
          crashes += 1;
          resolve(undefined);
        },
      };
      task(equip(life)).then(
        (value) => resolve({ ok: true, value }),
        () => resolve({ ok: false }),
      );
    });
  }

  const queue: Copy[] = Array.from({ length: items }, (_, index) => ({ index, receives: 0 }));
  const dead: Copy[] = [];
  let underWay = 0;

  function giveBack(copy: Copy, delayMs: number): void {
    underWay += 1;
    time.after(delayMs, () => {
      underWay -= 1;
      if (copy.receives >= MAX_RECEIVES) dead.push(copy);
      else queue.push(copy);
    });
  }
  /** Ten messages, of which most are neighbours, as a queue hands them out. */
  function receive(from: Copy[]): Copy[] {
    const at = Math.floor(random() * from.length);
    const taken = from.splice(Math.min(at, Math.max(0, from.length - BATCH)), BATCH);
    for (const copy of taken) {
      copy.receives += 1;
      if (random() < DUPLICATES) giveBack({ ...copy }, Math.floor(random() * VISIBILITY_MS));
    }
    return taken;
  }
  async function consume(from: Copy[], handle: (fanIn: FanIn, copies: readonly Copy[]) => Promise<unknown>) {
    const copies = receive(from);
    if (copies.length === 0) return;
    underWay += 1;
    const ended = await run((fanIn) => handle(fanIn, copies));
    underWay -= 1;
    const answer = ended?.value as { batchItemFailures: { itemIdentifier: string }[] } | undefined;
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const [position, copy] of copies.entries()) {
      if (answer === undefined || failed.has(`${position}`))
        giveBack(copy, ended === undefined ? VISIBILITY_MS : 1_000);
      else if (truth[copy.index] === 0) violations.push(`${copy.index} was acknowledged, and is not settled`);
    }
  }

  let isOpen = false;
  const opening = async () => {
    while (!(await run((fanIn) => fanIn.open('job', { total: items })))?.ok);
    isOpen = true;
  };
  const isBusy = () => queue.length + dead.length + underWay > 0;
  let lanes = 0;
  async function lane(): Promise<void> {
    lanes += 1;
    while (queue.length + dead.length > 0) {
      if (dead.length > 0) await consume(dead, bury);
      else await consume(queue, work);
    }
    lanes -= 1;
  }
  const sweepLater = (): void =>
    time.after(SWEEP_MS, async () => {
      if (!isBusy() && summaries.length > 0 && lanes === 0) return;
      await run((fanIn) => createSweeper({ fanIn })());
      sweepLater();
    });

  void opening();
  while (!isOpen) await time.advance();
  sweepLater();
  do {
    while (lanes < WORKERS && queue.length + dead.length > lanes) void lane();
  } while (time.now() - began < LONGEST_MS && (await time.advance()));

  if (isBusy()) violations.push('messages are left over');
  violations.push(...checkLedger(truth, summaries));
  return {
    seed,
    items,
    violations,
    crashes,
    deliveries: summaries.length,
    virtualSeconds: Math.round((time.now() - began) / 1_000),
    writeUnitsPerItem: meter.writeUnits() / items,
  };
}
