import type { JobStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../examples/createRandom.js';
import { buildManifest } from '../../../examples/ndjson/build/buildManifest.js';
import { fileId } from '../../../examples/ndjson/fileId.js';
import type { Manifest } from '../../../examples/ndjson/manifest.js';
import { createRecords, memoryStores, type Stores } from '../../../examples/ndjson/records.js';
import { faultyPort, PortFaultError, seededFaults } from '../../faultyPort.js';
import { virtualTime } from '../../virtualTime.js';
import { BUCKET, LOCK_MS, memoryManifestHead, PROCESSING_MS, START } from './pipeline.js';

const SEEDS = 12;
const FILES = 40;
const BUILDERS = 6;
const LIMITS = { maxFiles: 7, maxBytes: 60, maxAgeMs: 3_600_000 };
const LONGEST_MS = 3_600_000;

interface Verdict {
  readonly problems: readonly string[];
  /** Lists that were refused, and builders that died. */
  readonly refused: number;
  readonly died: number;
}

/** A broken variant of the stores, which the simulation must catch. */
type Mutant = (stores: Stores) => Stores;

/** What the slots came to hold, and whether any of them changed. */
function watchSlots(slots: JobStore, problems: Set<string>) {
  const published = new Map<string, Manifest>();
  const watched: JobStore = {
    ...slots,
    async change(id, change, now) {
      const answer = await slots.change(id, change, now);
      const { state, result } = answer.current ?? {};
      if (state === 'succeeded' && result !== undefined && 'text' in result) {
        const { manifest_id } = JSON.parse(result.text) as Manifest;
        const before = published.get(id);
        if (before !== undefined && before.manifest_id !== manifest_id)
          problems.add('a slot changed its manifest');
        published.set(id, JSON.parse(result.text) as Manifest);
      }
      return answer;
    },
  };
  return { published, watched };
}

/**
 * Builders whose clocks differ, and that pause for longer than their lock, while files are tracked: calls fail, replies are
 * lost, builders die between any two calls. In the end one builder that nothing happens to flushes what is left.
 */
async function simulate(seed: number, mutate: Mutant = (stores) => stores): Promise<Verdict> {
  const time = virtualTime(START);
  const random = createRandom(seed);
  const problems = new Set<string>();
  const inner = mutate(memoryStores());
  const { published, watched } = watchSlots(inner.slots, problems);
  const stores: Stores = { ...inner, slots: watched };
  const head = memoryManifestHead();
  const objects = new Map<string, string>();
  let [refused, died, isTracked] = [0, 0, false];

  const writeManifest = async (manifest: Manifest) => {
    const text = JSON.stringify(manifest);
    if ((objects.get(manifest.manifest_path) ?? text) !== text)
      problems.add('an object was written differently');
    objects.set(manifest.manifest_path, text);
  };
  const partsFor = (wrap: <S extends object>(port: S) => S, now: () => number) => {
    const { files, slots, settlements, manifests } = stores;
    const wrapped = {
      files: wrap(files),
      slots: wrap(slots),
      settlements: wrap(settlements),
      manifests: wrap(manifests),
    };
    const records = createRecords({ stores: wrapped, processingMs: PROCESSING_MS, lockMs: LOCK_MS, now });
    return { records, head: wrap(head), bucket: BUCKET, limits: LIMITS, now, ...wrap({ writeManifest }) };
  };

  /** One invocation, which may die: then it never calls again, and nobody waits for it. */
  async function invoke(skewMs: number): Promise<void> {
    const faults = seededFaults(Math.floor(random() * 1e9), 25);
    let die = () => {};
    const death = new Promise<'died'>((resolve) => {
      die = () => resolve('died');
    });
    const pause = async () => {
      const fate = random();
      if (fate < 0.004) {
        die();
        await new Promise(() => {});
      }
      await time.sleep(fate < 0.05 ? LOCK_MS * (1 + random() * 3) : 1 + random() * 20);
    };
    const now = () => time.now() + skewMs;
    const parts = partsFor((port) => faultyPort(port, faults, pause), now);
    const build = buildManifest(parts, { flush: random() < 0.1 }).then(
      ({ status }) => status,
      (error: unknown) => {
        if (error instanceof PortFaultError || (error as { retryable?: boolean }).retryable) return 'failed';
        problems.add(String(error));
        return 'failed';
      },
    );
    const ended = await Promise.race([build, death]);
    if (ended === 'lockLost') refused += 1;
    if (ended === 'died') died += 1;
  }

  const track = async () => {
    const { records } = partsFor((port) => port, time.now);
    for (let index = 0; index < FILES; index += 1) {
      const file = { bucket: BUCKET, key: `f${index}`, size: 1 + (index % 17) };
      // Twice, as notifications come.
      for (let times = 0; times < 2; times += 1) await records.files.create(fileId(file), { input: file });
      await time.sleep(random() * 200);
    }
    isTracked = true;
  };
  const keepBuilding = async (builder: number) => {
    for (let rounds = 0; !isTracked || rounds < 8; rounds += isTracked ? 1 : 0) {
      await invoke(builder % 2 === 0 ? 0 : 300);
      await time.sleep(20);
    }
  };
  const clean = partsFor(
    (port) => port,
    () => time.now() + 1_000,
  );
  const all = async () => {
    await Promise.all([track(), ...Array.from({ length: BUILDERS }, (_, builder) => keepBuilding(builder))]);
    for (let status = ''; status !== 'notEnough'; ) {
      await time.sleep(LOCK_MS * 2);
      try {
        status = (await buildManifest(clean, { flush: true })).status;
      } catch (error) {
        problems.add(String(error));
        return;
      }
    }
  };
  await time.run(all(), START + LONGEST_MS);

  const listedIn = new Map<string, string[]>();
  for (const { manifest_id, files, file_count, total_bytes } of published.values()) {
    if (file_count > LIMITS.maxFiles || total_bytes > LIMITS.maxBytes)
      problems.add('a manifest is too large');
    for (const { key } of files) listedIn.set(key, [...(listedIn.get(key) ?? []), manifest_id]);
    if ((await clean.records.manifests.get(manifest_id)) === undefined)
      problems.add('a manifest is not entered');
  }
  for (let index = 0; index < FILES; index += 1) {
    const key = `f${index}`;
    const manifests = listedIn.get(key) ?? [];
    if (manifests.length === 0) problems.add('a file is in no manifest');
    if (manifests.length > 1) problems.add('a file is in two manifests');
    const record = await clean.records.files.get(fileId({ bucket: BUCKET, key }));
    if (record?.result?.manifest_id !== manifests[0]) problems.add('a record names another manifest');
  }
  if (objects.size !== published.size) problems.add('there is not one object for each manifest');
  return { problems: [...problems], refused, died };
}

/** What becomes of many seeds; stops at the first problem. */
async function simulateMany(seeds: number, mutate?: Mutant): Promise<Verdict> {
  let [refused, died] = [0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const verdict = await simulate(seed, mutate);
    refused += verdict.refused;
    died += verdict.died;
    if (verdict.problems.length > 0)
      return { problems: [`seed ${seed}`, ...verdict.problems], refused, died };
  }
  return { problems: [], refused, died };
}

describe('builders at once, of which some die and some are late', () => {
  it('put every file into exactly one manifest, in every run', async () => {
    const { problems, refused, died } = await simulateMany(SEEDS);
    expect(problems).toEqual([]);
    expect(refused).toBeGreaterThan(0);
    expect(died).toBeGreaterThan(0);
  });

  it.each<[string, Mutant]>([
    [
      'publishes a list without a look at its token',
      (stores) => {
        const forced = new Map<string, NonNullable<Awaited<ReturnType<JobStore['read']>>>>();
        return {
          ...stores,
          slots: {
            ...stores.slots,
            read: async (id, now) => forced.get(id) ?? stores.slots.read(id, now),
            async change(id, change, now) {
              const current = forced.get(id) ?? (await stores.slots.read(id, now));
              if (change.type === 'succeeded' && current !== undefined) {
                const { result } = change;
                forced.set(id, { ...current, state: 'succeeded', leaseUntil: undefined, result });
                return { applied: true, current: forced.get(id) };
              }
              return forced.has(id) ? { applied: false, current } : stores.slots.change(id, change, now);
            },
          },
        };
      },
    ],
    [
      'takes a manifest for settled while another one marks its files',
      (stores) => ({
        ...stores,
        settlements: {
          ...stores.settlements,
          async read(id, now) {
            const job = await stores.settlements.read(id, now);
            if (job?.state !== 'inProgress') return job;
            return { ...job, state: 'succeeded', leaseUntil: undefined, result: { text: 'true' } };
          },
        },
      }),
    ],
    [
      'lists what it saw waiting a moment ago',
      (stores) => {
        let seen: Awaited<ReturnType<JobStore['read']>>[] = [];
        return {
          ...stores,
          files: {
            ...stores.files,
            async *list(state, now) {
              const stale = seen;
              seen = [];
              for await (const job of stores.files.list(state, now)) seen.push(job);
              for (const job of stale.length > 0 ? stale : seen) if (job !== undefined) yield job;
            },
          },
        };
      },
    ],
  ])('are caught when one of them %s', async (_what, mutant) => {
    const { problems } = await simulateMany(SEEDS, mutant);
    expect(problems).not.toEqual([]);
  });
});
