import { type Item, toBool, toN, toNS, toS } from '../attributes.js';
import type { ItemUpdate } from '../dynamoItem.js';
import { encodeDueAt, encodeIndexPk } from './dynamoMeta.js';
import { MAX_EAGER_FAILURES, type MetaChange } from './fanInMeta.js';
import { outcomeStatuses } from './outcome.js';

const UNDECIDED = '#phase IN (:opening, :open)';
const undecided = { ':opening': toS('opening'), ':open': toS('open') };

/** The condition that the root names no other receiver, and its value where there is one. */
function forRecipient(recipient: string | undefined): { condition: string; values: Item } {
  return recipient === undefined
    ? { condition: 'attribute_not_exists(#recipient)', values: {} }
    : {
        condition: '(attribute_not_exists(#recipient) OR #recipient = :recipient)',
        values: { ':recipient': toS(recipient) },
      };
}

/** The change as an update with the condition under which `changeMeta` allows it. */
export function metaUpdate(id: string, change: MetaChange): ItemUpdate {
  const returns = 'ALL_NEW' as const;
  switch (change.type) {
    case 'opened':
      return {
        update: 'SET #phase = :open, #indexSk = :due',
        condition: '#phase = :opening',
        values: { ':open': toS('open'), ':opening': toS('opening'), ':due': encodeDueAt(id, change.dueAt) },
        returns,
      };
    case 'allocated': {
      const { seen, allocation } = change;
      const seenKey = seen.lastAllocation?.key;
      const sameKey =
        seenKey === undefined ? 'attribute_not_exists(#allocationKey)' : '#allocationKey = :seenKey';
      return {
        update: 'SET #allocated = :end, #allocationKey = :key, #allocationStart = :start',
        condition: `#allocated = :seen AND ${sameKey} AND attribute_not_exists(#total)`,
        values: {
          ':end': toN(allocation.end),
          ':key': toS(allocation.key),
          ':start': toN(allocation.start),
          ':seen': toN(seen.allocated),
          ...(seenKey === undefined ? {} : { ':seenKey': toS(seenKey) }),
        },
        returns,
      };
    }
    case 'sealed':
      return {
        update: 'SET #total = :total, #cutShort = :cutShort',
        condition: '#allocated = :total AND attribute_not_exists(#total)',
        values: { ':total': toN(change.total), ':cutShort': toBool(change.cutShort) },
        returns,
      };
    case 'rolledUp':
      return {
        update: `ADD #done :offsets${outcomeStatuses.map((status) => `, #${status} :${status}`).join('')}`,
        condition: 'NOT contains(#done, :offset)',
        values: {
          ':offset': toN(change.offset),
          ':offsets': toNS([change.offset]),
          ...Object.fromEntries(outcomeStatuses.map((status) => [`:${status}`, toN(change.tally[status])])),
        },
        returns,
      };
    case 'failuresSeen':
      return {
        update: 'ADD #eagerFailures :indices',
        condition: '(attribute_not_exists(#eagerFailures) OR size(#eagerFailures) <= :most)',
        values: { ':indices': toNS(change.indices), ':most': toN(MAX_EAGER_FAILURES) },
        returns,
      };
    case 'closed':
      return {
        update: 'SET #closing = :closing, #indexSk = :due',
        condition: `${UNDECIDED} AND attribute_not_exists(#closing)`,
        values: {
          ':closing': toS(JSON.stringify(change.closing)),
          ':due': encodeDueAt(id, change.dueAt),
          ...undecided,
        },
        returns,
      };
    case 'rescheduled':
      return {
        update: 'SET #indexSk = :due',
        condition: '#phase <> :delivered',
        values: { ':due': encodeDueAt(id, change.dueAt), ':delivered': toS('delivered') },
        returns,
      };
    case 'decided':
      return {
        update: 'SET #phase = :decided, #decision = :decision, #deliveryId = :deliveryId, #indexSk = :due',
        condition: UNDECIDED,
        values: {
          ':decided': toS('decided'),
          ':decision': toS(JSON.stringify(change.decision)),
          ':deliveryId': toS(change.decision.deliveryId),
          ...undecided,
          ':due': encodeDueAt(id, change.dueAt),
        },
        returns,
      };
    case 'leased': {
      const { condition, values } = forRecipient(change.recipient);
      const named = change.recipient === undefined ? '' : ', #recipient = :recipient';
      return {
        update: `SET #leaseOwner = :owner, #leaseUntil = :until${named}`,
        condition: `#phase = :decided AND ${condition} AND (attribute_not_exists(#leaseOwner) OR #leaseUntil <= :now OR #leaseOwner = :owner)`,
        values: {
          ...values,
          ':owner': toS(change.owner),
          ':until': toN(change.until),
          ':now': toN(change.now),
          ':decided': toS('decided'),
        },
        returns,
      };
    }
    case 'released':
      return {
        update: 'REMOVE #leaseOwner, #leaseUntil',
        condition: '#leaseOwner = :owner',
        values: { ':owner': toS(change.owner) },
        returns,
      };
    case 'delivered': {
      const { condition, values } = forRecipient(change.recipient);
      return {
        update: 'SET #phase = :delivered, #delivery = :delivery REMOVE #indexPk, #indexSk',
        condition: `#phase = :decided AND #deliveryId = :deliveryId AND ${condition}`,
        values: {
          ...values,
          ':delivered': toS('delivered'),
          ':delivery': toS(change.delivery),
          ':decided': toS('decided'),
          ':deliveryId': toS(change.deliveryId),
        },
        returns,
      };
    }
    case 'readdressed':
      return {
        update:
          'SET #phase = :decided, #recipient = :recipient, #indexPk = :indexPk, #indexSk = :due REMOVE #leaseOwner, #leaseUntil, #delivery',
        condition:
          '#phase IN (:decided, :delivered) AND (attribute_not_exists(#recipient) OR #recipient <> :recipient)',
        values: {
          ':decided': toS('decided'),
          ':delivered': toS('delivered'),
          ':recipient': toS(change.recipient),
          ':indexPk': encodeIndexPk(id),
          ':due': encodeDueAt(id, change.dueAt),
        },
        returns,
      };
  }
}
