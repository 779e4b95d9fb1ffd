import { describe, expect, it } from 'vitest';
import { type BuildParts, buildManifest } from '../../../examples/ndjson/build/buildManifest.js';
import { createPipeline, LOCK_MS } from './pipeline.js';

const listing = { flush: false };
const flush = { flush: true };

/** A builder that stops for ever, or fails, where it is told to. */
function dyingAt(parts: BuildParts, where: (parts: BuildParts) => Partial<BuildParts>): BuildParts {
  return { ...parts, ...where(parts) };
}
const died = () => Promise.reject(new Error('the process died'));

describe('a builder', () => {
  it('builds nothing while too few files wait, and leaves the slot to the next builder', async () => {
    const { parts, track, records } = createPipeline();
    await track('a', 'b');
    expect(await buildManifest(parts, listing)).toEqual({ status: 'notEnough' });
    expect(await records.slots.get('1')).toMatchObject({ state: 'pending', attempt: 1 });
    expect(await buildManifest(parts, listing)).toEqual({ status: 'notEnough' });
    expect((await records.slots.get('1'))?.attempt).toBe(2);
  });

  it('lists files, marks them, writes the object and enters the manifest, under the token of its lock', async () => {
    const { parts, track, records, written, manifestOf } = createPipeline();
    await track('a', 'b', 'c', 'd');
    const result = await buildManifest(parts, listing);
    const [manifest] = written;
    expect(result).toEqual({ status: 'built', manifest });
    expect(manifest).toMatchObject({ slot: 1, fencing_token: 1, file_count: 3, total_bytes: 30 });
    expect(manifest?.manifest_path).toBe(`s3://files/manifests/2027/01/15/${manifest?.manifest_id}.json`);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(manifestOf))).toEqual([
      ...Array.from({ length: 3 }, () => manifest?.manifest_id),
      undefined,
    ]);
    expect(await records.manifests.get(manifest?.manifest_id ?? '')).toMatchObject({
      state: 'pending',
      input: { file_count: 3, timestamp: manifest?.timestamp, manifest_path: manifest?.manifest_path },
    });
    expect(await buildManifest(parts, listing)).toEqual({ status: 'notEnough' });
    expect(await buildManifest(parts, flush)).toMatchObject({ status: 'built', manifest: { slot: 2 } });
    expect(await buildManifest(parts, flush)).toEqual({ status: 'notEnough' });
  });

  it('is refused when its lock expired while it was paused: the list of the next builder stands', async () => {
    const { parts, track, records, clock, written } = createPipeline();
    await track('a', 'b', 'c');
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slots = {
      ...records.slots,
      async claim(...given: Parameters<typeof records.slots.claim>) {
        const claim = await records.slots.claim(...given);
        if (claim.status !== 'claimed') return claim;
        return {
          ...claim,
          async complete(manifest: Parameters<typeof claim.complete>[0]) {
            await paused;
            await claim.complete(manifest);
          },
        };
      },
    };
    const late = buildManifest({ ...parts, records: { ...records, slots } }, listing);
    await expect.poll(async () => (await records.slots.get('1'))?.state).toBe('inProgress');
    expect(await buildManifest(parts, listing)).toEqual({ status: 'busy' });
    clock.now += LOCK_MS;
    const next = await buildManifest(parts, listing);
    expect(next).toMatchObject({ status: 'built', manifest: { fencing_token: 2 } });
    goOn();
    expect(await late).toEqual({ status: 'lockLost', slot: 1, fencingToken: 1 });
    expect(written).toHaveLength(1);
    expect((await records.slots.get('1'))?.result?.fencing_token).toBe(2);
  });

  it('gives the lock back when it cannot read what waits', async () => {
    const { parts, track, records } = createPipeline();
    await track('a', 'b', 'c');
    const files = {
      ...records.files,
      list: () => {
        throw new Error('throttled');
      },
    };
    await expect(buildManifest({ ...parts, records: { ...records, files } }, listing)).rejects.toThrow(
      'throttled',
    );
    expect(await buildManifest(parts, listing)).toMatchObject({
      status: 'built',
      manifest: { fencing_token: 2 },
    });
  });
});

describe('a manifest whose builder died', () => {
  it.each<[string, (parts: BuildParts) => Partial<BuildParts>]>([
    [
      'before it marked a file',
      ({ records }) => ({ records: { ...records, files: { ...records.files, run: died } } }),
    ],
    [
      'while it marked them',
      ({ records }) => {
        let marked = 0;
        const run: typeof records.files.run = (...given) => {
          marked += 1;
          return marked === 2 ? died() : records.files.run(...given);
        };
        return { records: { ...records, files: { ...records.files, run } } };
      },
    ],
    ['before it wrote the object', () => ({ writeManifest: died })],
    [
      'before it entered the manifest',
      ({ records }) => ({ records: { ...records, manifests: { ...records.manifests, create: died } } }),
    ],
    ['before it moved the head', ({ head }) => ({ head: { ...head, advance: died } })],
  ])('%s, is completed by the next one before that builds another', async (_where, where) => {
    const { parts, track, clock, written, manifestOf, records } = createPipeline();
    await track('a', 'b', 'c', 'd');
    await expect(buildManifest(dyingAt(parts, where), listing)).rejects.toThrow('the process died');
    clock.now += LOCK_MS;
    const results = [await buildManifest(parts, flush), await buildManifest(parts, flush)];
    const slots = results.flatMap((result) => ('manifest' in result ? [result.manifest.slot] : []));
    expect(slots.at(-1)).toBe(2);
    const ids = [await manifestOf('a'), await manifestOf('b'), await manifestOf('c')];
    expect(new Set(ids).size).toBe(1);
    expect(await manifestOf('d')).not.toBe(ids[0]);
    expect((await records.manifests.stats()).pending).toBe(2);
    const bySlot = new Map(written.map((manifest) => [manifest.slot, JSON.stringify(manifest)]));
    for (const manifest of written) expect(JSON.stringify(manifest)).toBe(bySlot.get(manifest.slot));
    expect(bySlot.size).toBe(2);
  });

  it('is busy while the dead one still holds a file, and no longer than its lock', async () => {
    const { parts, track, clock, records } = createPipeline();
    await track('a', 'b', 'c');
    const run: typeof records.files.run = async (id, ...given) => {
      if (id !== 'files/b') return records.files.run(id, ...given);
      await records.files.claim(id);
      return died();
    };
    const dying = { ...parts, records: { ...records, files: { ...records.files, run } } };
    await expect(buildManifest(dying, listing)).rejects.toThrow('the process died');
    expect(await buildManifest(parts, flush)).toEqual({ status: 'busy' });
    clock.now += LOCK_MS;
    expect(await buildManifest(parts, flush)).toMatchObject({ status: 'completed', manifest: { slot: 1 } });
  });

  it('is never completed by listing again what somebody gave back by hand', async () => {
    const { parts, track, clock, records, manifestOf } = createPipeline();
    await track('a', 'b', 'c');
    const run: typeof records.files.run = async (id) => {
      await records.files.claim(id);
      return died();
    };
    await expect(
      buildManifest({ ...parts, records: { ...records, files: { ...records.files, run } } }, listing),
    ).rejects.toThrow('the process died');
    clock.now += LOCK_MS;
    expect(await records.files.resetStuck()).toHaveLength(3);
    expect(await buildManifest(parts, flush)).toMatchObject({ status: 'completed', manifest: { slot: 1 } });
    expect(await buildManifest(parts, flush)).toEqual({ status: 'notEnough' });
    expect(new Set([await manifestOf('a'), await manifestOf('b'), await manifestOf('c')]).size).toBe(1);
  });
});
