import type { ClaimCheck } from '../claimCheck.js';
import { FanfoldError } from '../errors.js';
import type { ProgressOptions } from './createProgress.js';
import type { OnComplete } from './fanIn.js';
import type { FanInMeta, MetaChange } from './fanInMeta.js';
import type { FanInStore } from './fanInStore.js';
import type { KnownRoots } from './rootFacts.js';
import type { NodeAddress } from './tree.js';

/** What every step of the protocol works with: the options of `createFanIn`, checked and complete. */
export interface FanInContext {
  readonly store: FanInStore;
  readonly onComplete: OnComplete | undefined;
  readonly progress: ProgressOptions | undefined;
  readonly leaseMs: number;
  readonly ttlSeconds: number;
  readonly knownRoots: KnownRoots;
  readonly storeResults: boolean;
  readonly claimCheck: ClaimCheck | undefined;
  readonly leafSize: number;
  readonly now: () => number;
  readonly randomId: () => string;
}

/** The root, for a call that makes no sense without one. */
export async function readLiveMeta({ store, now }: FanInContext, id: string): Promise<FanInMeta> {
  return expectLive(id, await store.readMeta(id, now()));
}

/**
 * The root after a change. A refusal is as good as success wherever the root then shows the wanted state; the caller
 * looks.
 */
export async function changeLiveMeta(
  { store, now }: FanInContext,
  id: string,
  change: MetaChange,
): Promise<FanInMeta> {
  return expectLive(id, (await store.changeMeta(id, change, now())).current);
}

export function expectLive(id: string, meta: FanInMeta | undefined): FanInMeta {
  if (meta === undefined) throw fanInGone(id);
  return meta;
}

/** The fan-in was never opened, or has expired. */
function fanInGone(id: string): FanfoldError {
  return new FanfoldError('FanInGone', `fan-in ${JSON.stringify(id)} does not exist or has expired`);
}

/** Under a live root every node that an item can reach exists; where one does not, trying again later is all there is. */
export function nodeMissing(id: string, { level, position }: NodeAddress): FanfoldError {
  const message = `node ${level}/${position} of fan-in ${JSON.stringify(id)} is missing, or smaller than it should be`;
  return new FanfoldError('NodeMissing', message, { retryable: true });
}
