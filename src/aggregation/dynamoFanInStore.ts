import { readN, readS, toN, toS } from '../attributes.js';
import { indexEntries } from '../dynamoIndex.js';
import { type DynamoTable, dynamoItems, type ItemKey } from '../dynamoItem.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
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
  const expiry = (expiresAt: number) => ({ [TTL_ATTRIBUTE]: toN(expiresAt) });

  return {
    async createMeta(meta, now) {
      const { applied, item } = await items.create(metaKey(meta.id), encodeMeta(meta), now);
      return { applied, current: item && decodeMeta(meta.id, item) };
    },
    async readMeta(id, now) {
      const item = await items.read(metaKey(id), now);
      return item && decodeMeta(id, item);
    },
    async changeMeta(id, change, now) {
      const { applied, item } = await items.update(metaKey(id), metaUpdate(id, change), now);
      return { applied, current: item && decodeMeta(id, item) };
    },

    async putDetails(id, text, expiresAt) {
      await items.replace(detailsKey(id), { text: toS(text), ...expiry(expiresAt) });
    },
    async readDetails(id, now) {
      const item = await items.read(detailsKey(id), now);
      return item && readS(item, 'text');
    },

    async createNode(id, node, now) {
      const { applied } = await items.create(nodeKey(id, node.address), encodeNode(node), now);
      return { applied };
    },
    async growNode(id, address, capacity, now) {
      await items.update(nodeKey(id, address), growUpdate(capacity), now);
    },
    async sealLeaf(id, position, now) {
      const { item } = await items.update(nodeKey(id, { level: 0, position }), sealUpdate(), now);
      return item && decodeLeaf(position, item);
    },
    async sealBranch(id, address, now) {
      const { item } = await items.update(nodeKey(id, address), sealUpdate(), now);
      return item && decodeBranch(address, item);
    },
    async readLeaves(id, positions, now) {
      const found = await items.readMany(
        positions.map((position) => nodeKey(id, { level: 0, position })),
        now,
      );
      return positions.map((position, i) => found[i] && decodeLeaf(position, found[i]));
    },
    async readBranches(id, level, positions, now) {
      const found = await items.readMany(
        positions.map((position) => nodeKey(id, { level, position })),
        now,
      );
      return positions.map((position, i) => found[i] && decodeBranch({ level, position }, found[i]));
    },

    async addToLeaf(id, position, write, leafSize, now) {
      const { applied, item } = await items.update(
        nodeKey(id, { level: 0, position }),
        leafUpdate(write, leafSize),
        now,
      );
      return { applied, current: item && decodeLeaf(position, item) };
    },
    async addToBranch(id, address, offset, tally, now) {
      const { applied, item } = await items.update(nodeKey(id, address), branchUpdate(offset, tally), now);
      return { applied, current: item && decodeBranch(address, item) };
    },

    async keepRecord(id, name, text, expiresAt, now) {
      const { item } = await items.create(
        recordKey(id, name),
        { text: toS(text), ...expiry(expiresAt) },
        now,
      );
      return (item && readS(item, 'text')) ?? text;
    },
    async readRecord(id, name, now) {
      const item = await items.read(recordKey(id, name), now);
      return item && readS(item, 'text');
    },
    async *readResults(id, leaf, now) {
      for await (const item of items.query(resultsPk(id, leaf), now)) {
        yield { offset: Number(readS(item, 'sk')), text: readS(item, 'text') ?? '' };
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

    async readCursor(id, now) {
      const item = await items.read(cursorKey(id), now);
      return (item && readN(item, 'position')) ?? 0;
    },
    async advanceCursor(id, position, expiresAt, now) {
      const values = { ':position': toN(position) };
      const forward = {
        update: 'SET #position = :position',
        condition: '#position < :position',
        values,
        returns: 'ALL_NEW',
      } as const;
      const { item } = await items.update(cursorKey(id), forward, now);
      if (item === undefined)
        await items.create(cursorKey(id), { position: toN(position), ...expiry(expiresAt) }, now);
    },
  };
}
