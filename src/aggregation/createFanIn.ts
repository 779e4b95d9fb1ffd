import { expectId, expectInteger } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { allocateItems } from './allocateItems.js';
import { cancelFanIn, expireFanIn } from './closeFanIn.js';
import { createProgress } from './createProgress.js';
import type { FanIn } from './fanIn.js';
import { readLiveMeta } from './fanInContext.js';
import { announceSettled } from './fanInEvent.js';
import { checkFanInOptions, type FanInOptions } from './fanInOptions.js';
import { reconcileFanIn, sweepFanIns } from './healFanIn.js';
import { openFanIn } from './openFanIn.js';
import type { ErrorInfo } from './outcome.js';
import { toErrorInfo } from './outcome.js';
import { missingIndices, settledIndices, storedResults, toStatus } from './readFanIn.js';
import { sealFanIn } from './sealFanIn.js';
import { settleItems, stateOf } from './settleItems.js';

/**
 * Creates an atomic fan-in: a counter of outcomes that duplicates, retries and lost replies cannot move, and that
 * says exactly once when the last item is settled.
 *
 * `R` is the type of the results. Every method throws a `FanfoldError`: `InvalidArgument` before any call,
 * `FanInGone` for an id that does not exist or has expired (`settle` answers `gone` instead), `FanInMismatch`,
 * `FanInSealed`, and, retryable, `DeliveryInProgress`, `DeliveryFailed` and `NodeMissing`: do not acknowledge then.
 *
 * What happens is told on the diagnostics channel `fanfold:fanin` (a `FanInEvent`), at no cost when nobody listens.
 *
 * AWS calls (with `dynamoFanInStore`): `PutItem`, `UpdateItem`, `GetItem`, `BatchGetItem`, `Query`; IAM
 * `dynamodb:` of the same names on the table. Settling costs one write unit per item, or per batch of neighbours.
 *
 * @example
 * ```ts
 * const fanIn = createFanIn<{ price: number }>({
 *   store: dynamoFanInStore({ client, tableName: 'fanfold' }),
 *   onComplete: sendToQueue({ client: sqs, queueUrl }),
 * });
 * await fanIn.open('2026-11-21', { total: 2 });
 * await fanIn.settle('2026-11-21', [{ index: 0, outcome: { status: 'succeeded', value: { price: 7 } } }]);
 * ```
 */
export function createFanIn<R = unknown>(options: FanInOptions): FanIn<R> {
  const context = checkFanInOptions(options);
  const { store, now } = context;
  const tellProgress = context.progress && createProgress(context, context.progress);
  const failureName = (index: number) => ({ kind: 'failure', index }) as const;

  return {
    open: async (id, openOptions = {}) => toStatus(context, await openFanIn(context, id, openOptions)),
    allocate: (id, count, { key } = {}) => allocateItems(context, id, count, key),
    seal: async (id, total) => stateOf(await sealFanIn(context, id, total)),
    async settle(id, entries) {
      const result = await settleItems(context, id, entries);
      announceSettled(id, result);
      await tellProgress?.(id, result);
      return result;
    },

    async status(id) {
      expectId('id', id);
      const meta = await store.readMeta(id, now());
      return meta && toStatus(context, meta);
    },
    missing: (id) => missingIndices(context, id),
    indices: (id, statuses) => settledIndices(context, id, statuses),
    results: (id) => storedResults<R>(context, id),

    async readCursor(id) {
      expectId('id', id);
      return store.readCursor(id, now());
    },
    async advanceCursor(id, position) {
      expectInteger('position', position, 0, MAX_ITEMS);
      const { expiresAt } = await readLiveMeta(context, id);
      await store.advanceCursor(id, position, expiresAt, now());
    },

    cancel: async (id, reason) => stateOf(await cancelFanIn(context, id, reason)),
    expire: async (id) => stateOf(await expireFanIn(context, id)),
    reconcile: async (id) => stateOf(await reconcileFanIn(context, id)),
    sweep: async ({ limit = 100 } = {}) => sweepFanIns(context, limit),

    async recordFailure(id, index, error) {
      expectId('id', id);
      expectInteger('index', index, 0, MAX_ITEMS - 1);
      const meta = await store.readMeta(id, now());
      if (meta === undefined || index >= meta.allocated) return;
      await store.keepRecord(
        id,
        failureName(index),
        JSON.stringify(toErrorInfo(error)),
        meta.expiresAt,
        now(),
      );
    },
    async readFailure(id, index) {
      expectId('id', id);
      expectInteger('index', index, 0, MAX_ITEMS - 1);
      const text = await store.readRecord(id, failureName(index), now());
      return text === undefined ? undefined : (JSON.parse(text) as ErrorInfo);
    },
  };
}
