import { FanfoldError } from '../errors.js';
import { type FanInContext, nodeMissing } from './fanInContext.js';
import { addToLeaf, failureStatuses, type Leaf, type LeafWrite } from './fanInNode.js';
import type { OutcomeStatus } from './outcome.js';
import { toIndex } from './tree.js';

/** An update expression holds 300 operators and 4 KB: this many offsets with a condition of their own fit. */
const MAX_CONDITIONAL_OFFSETS = 90;

/** What became of one leaf's entries; without a `leaf` the fan-in is gone. */
export interface RecordedLeaf {
  readonly leaf: Leaf | undefined;
  /** The offsets that this call counted. */
  readonly recorded: ReadonlySet<number>;
  /** Set when the fan-in was opened with another leaf size than this process assumes; nothing was written. */
  readonly otherLeafSize?: number;
}

/** One write: every success, and as many failures as an expression holds. */
function nextWrite(pending: ReadonlyMap<number, OutcomeStatus>): LeafWrite {
  const write: Record<OutcomeStatus, number[]> = { succeeded: [], failed: [], timedOut: [], cancelled: [] };
  let conditional = 0;
  for (const [offset, status] of pending) {
    if (status !== 'succeeded') conditional += 1;
    if (status === 'succeeded' || conditional <= MAX_CONDITIONAL_OFFSETS) write[status].push(offset);
  }
  return write;
}

const nothing: ReadonlySet<number> = new Set();

/** Why a leaf took nothing: an error, another leaf size, or a fan-in that is simply gone. */
async function explainRefusal(
  context: FanInContext,
  id: string,
  position: number,
  offsets: Iterable<number>,
): Promise<RecordedLeaf> {
  const meta = await context.store.readMeta(id, context.now());
  if (meta === undefined) return { leaf: undefined, recorded: nothing };
  if (meta.leafSize !== context.leafSize)
    return { leaf: undefined, recorded: nothing, otherLeafSize: meta.leafSize };
  const indices = [...offsets].map((offset) => toIndex(position, offset, context.leafSize));
  const foreign = indices.find((index) => index >= meta.allocated);
  if (foreign === undefined) throw nodeMissing(id, { level: 0, position });
  throw outsideFanIn(foreign, meta.allocated);
}

/** An index that was never handed out must not be counted. */
export function outsideFanIn(index: number, allocated: number): FanfoldError {
  return new FanfoldError(
    'InvalidArgument',
    `index: expected one that the fan-in has handed out (below ${allocated}), got ${index}`,
  );
}

/**
 * Records the outcomes of one leaf, usually by a single write. Successes need no condition, because adding to a set
 * is idempotent; where a failure is refused because its offset is done, the refusal says what is left to write.
 */
export async function recordInLeaf(
  context: FanInContext,
  id: string,
  position: number,
  entries: ReadonlyMap<number, OutcomeStatus>,
): Promise<RecordedLeaf> {
  const { store, now, leafSize } = context;
  const pending = new Map(entries);
  const recorded = new Set<number>();
  let leaf: Leaf | undefined;

  while (pending.size > 0) {
    const write = nextWrite(pending);
    const { applied, current } = await store.addToLeaf(id, position, write, leafSize, now());
    if (applied && current !== undefined) {
      for (const offset of [...write.succeeded, ...failureStatuses.flatMap((status) => write[status])]) {
        if (!current.done.has(offset)) recorded.add(offset);
        pending.delete(offset);
      }
      leaf = addToLeaf(current, write);
      continue;
    }
    const { capacity = 0, leafSize: storedLeafSize } = current ?? {};
    const refused = storedLeafSize !== leafSize || [...pending.keys()].some((offset) => offset >= capacity);
    if (current === undefined || refused) return explainRefusal(context, id, position, pending.keys());
    leaf = current;
    for (const offset of current.done) pending.delete(offset);
  }
  return { leaf, recorded };
}
