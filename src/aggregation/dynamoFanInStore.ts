import { indexEntries } from '../dynamoIndex.js';
import { type DynamoTable, dynamoItems, type ItemKey } from '../dynamoItem.js';
import { key } from '../table.js';
import { decodeDue, decodeMeta, dueUntil, encodeMeta, indexPartitions } from './dynamoMeta.js';
import {
  branchUpdate,
  decodeBranch,
  decodeLeaf,
  encodeNode,
  growUpdate,
  leafUpdate,
  sealUpdate,
} from './dynamoNode.js';
import type { FanInStore, RecordName } from './fanInStore.js';
import { metaUpdate } from './metaUpdate.js';
import type { NodeAddress } from './tree.js';

const OFFSET_DIGITS = 3;

const metaKey = (id: string): ItemKey => ({ pk: key('fanIn', id), sk: 'meta' });
const detailsKey = (id: string): ItemKey => ({ pk: key('fanIn', id), sk: 'details' });
const cursorKey = (id: string): ItemKey => ({ pk: key('fanIn', id), sk: 'cursor' });
/** Each node is a partition of its own, so that none is hot. */
const nodeKey = (id: string, { level, position }: NodeAddress): ItemKey => ({
  pk: key('fanIn', id, 'node', level, position),
  sk: 'node',
});
const resultsPk = (id: string, leaf: number) => key('fanIn', id, 'result', leaf);

function recordKey(id: string, name: RecordName): ItemKey {
  switch (name.kind) {
    case 'result':
      return { pk: resultsPk(id, name.leaf), sk: String(name.offset).padStart(OFFSET_DIGITS, '0') };
    case 'allocation':
      return { pk: key('fanIn', id, 'allocation', name.key), sk: 'allocation' };
    case 'failure':
      return { pk: key('fanIn', id, 'failure', name.index), sk: 'failure' };
  }
}

type StoredText = { readonly sk: string; readonly text: string };
const decodeText = ({ text }: StoredText) => text;
const decodeCursor = ({ position }: { readonly position: number }) => position;
const ignore = () => undefined;

/**
 * A fan-in store on a DynamoDB table of the shape that `tableDefinition` gives. Every call is one strongly
 * consistent, conditional call on one item; there are no transactions.
 *
 * AWS calls and IAM actions on the table: `dynamodb:GetItem`, `BatchGetItem`, `PutItem`, `UpdateItem`, `Query`; a
 * sweep needs `dynamodb:Query` on the table's index too.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service · `MissingPeer` where
 * `@aws-sdk/client-dynamodb` is not installed.
 * @example
 * ```ts
 * const store = dynamoFanInStore({ client: new DynamoDBClient({}), tableName: 'fanfold' });
 * ```
 */
export function dynamoFanInStore(table: DynamoTable): FanInStore {
  const items = dynamoItems(table);

  return {
    createMeta: (meta, now) => items.create(metaKey(meta.id), encodeMeta(meta), now, decodeMeta(meta.id)),
    readMeta: (id, now) => items.read(metaKey(id), now, decodeMeta(id)),
    changeMeta: (id, change, now) => items.update(metaKey(id), metaUpdate(id, change), now, decodeMeta(id)),
    putDetails: (id, text, expiresAt) => items.replace(detailsKey(id), { text, expiresAt }),
    readDetails: (id, now) => items.read(detailsKey(id), now, decodeText),

    async createNode(id, node, now) {
      const { applied } = await items.create(nodeKey(id, node.address), encodeNode(node), now, ignore);
      return { applied };
    },
    async growNode(id, address, capacity, now) {
      await items.update(nodeKey(id, address), growUpdate(capacity), now, ignore);
    },
    async sealLeaf(id, position, now) {
      const address = { level: 0, position };
      return (await items.update(nodeKey(id, address), sealUpdate, now, decodeLeaf(position))).current;
    },
    async sealBranch(id, address, now) {
      return (await items.update(nodeKey(id, address), sealUpdate, now, decodeBranch(address))).current;
    },
    readLeaves(id, positions, now) {
      const wish = (position: number) => [nodeKey(id, { level: 0, position }), decodeLeaf(position)] as const;
      return items.readMany(positions.map(wish), now);
    },
    readBranches(id, level, positions, now) {
      const wish = (position: number) =>
        [nodeKey(id, { level, position }), decodeBranch({ level, position })] as const;
      return items.readMany(positions.map(wish), now);
    },
    addToLeaf: (id, position, write, leafSize, now) =>
      items.update(
        nodeKey(id, { level: 0, position }),
        leafUpdate(write, leafSize),
        now,
        decodeLeaf(position),
      ),
    addToBranch: (id, address, offset, tally, now) =>
      items.update(nodeKey(id, address), branchUpdate(offset, tally), now, decodeBranch(address)),

    async keepRecord(id, name, text, expiresAt, now) {
      const { current } = await items.create(recordKey(id, name), { text, expiresAt }, now, decodeText);
      return current ?? text;
    },
    readRecord: (id, name, now) => items.read(recordKey(id, name), now, decodeText),
    async *readResults(id, leaf, now) {
      for await (const { sk, text } of items.query<StoredText>(resultsPk(id, leaf), now)) {
        yield { offset: Number(sk), text };
      }
    },

    async listDue(limit, now) {
      const longestDue = async (indexPk: string) => {
        const entries: string[] = [];
        for await (const entry of indexEntries(table, indexPk, { until: dueUntil(now), pageSize: limit })) {
          if (entries.push(entry) === limit) break;
        }
        return entries;
      };
      const due = (await Promise.all(indexPartitions.map(longestDue))).flat().map(decodeDue);
      return due
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map(({ id }) => id);
    },

    readCursor: async (id, now) => (await items.read(cursorKey(id), now, decodeCursor)) ?? 0,
    async advanceCursor(id, position, expiresAt, now) {
      const forward = {
        update: 'SET #position = :position',
        condition: '#position < :position',
        values: { position },
      };
      const { current } = await items.update(cursorKey(id), forward, now, decodeCursor);
      if (current === undefined) await items.create(cursorKey(id), { position, expiresAt }, now, ignore);
    },
  };
}
