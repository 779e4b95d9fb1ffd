import type { FanInContext } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';

/** What of a root never changes while it lives; `allocated` only grows, so it is a lower bound. */
export type RootFacts = Pick<FanInMeta, 'leafSize' | 'allocated' | 'expiresAt'>;

/** What this process has read of the fan-ins that it works on, so that settling need not read the root each time. */
export type KnownRoots = Map<string, RootFacts>;

const MAX_KNOWN = 100;

/**
 * The facts of a root that has handed out `index`, from memory where they are known; `undefined` where the fan-in is
 * gone. Where `index` is beyond `allocated`, the root itself has just said so.
 */
export async function rootFacts(
  context: FanInContext,
  id: string,
  index: number,
): Promise<RootFacts | undefined> {
  const { knownRoots, store, now } = context;
  const known = knownRoots.get(id);
  if (known !== undefined && known.expiresAt * 1_000 > now() && index < known.allocated) return known;
  const meta = await store.readMeta(id, now());
  knownRoots.delete(id);
  if (meta === undefined) return undefined;
  const { leafSize, allocated, expiresAt } = meta;
  knownRoots.set(id, { leafSize, allocated, expiresAt });
  // The one that was read longest ago makes room.
  for (const oldest of knownRoots.keys()) if (knownRoots.size > MAX_KNOWN) knownRoots.delete(oldest);
  return meta;
}
