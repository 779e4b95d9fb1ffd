import { type Item, toN, toS } from '../attributes.js';
import type { ItemUpdate } from '../dynamoItem.js';
import { encodeResult, indexEntry } from './dynamoJob.js';
import type { ClaimIdentity, JobChange, JobState } from './job.js';

const HELD = '#state = :inProgress AND #owner = :owner AND #attempt = :attempt';
const MOVED =
  'SET #state = :state, #updatedAt = :now, #expiresAt = :expiresAt, #indexPk = :indexPk, #indexSk = :indexSk';
const BACK_TO_PENDING = `${MOVED} REMOVE #owner, #leaseUntil, #error`;

const held = ({ owner, attempt }: ClaimIdentity): Item => ({
  ':inProgress': toS('inProgress'),
  ':owner': toS(owner),
  ':attempt': toN(attempt),
});

/** The change as an update with the condition under which `changeJob` allows it. */
export function jobUpdate(namespace: string, id: string, change: JobChange): ItemUpdate {
  const returns = 'ALL_NEW' as const;
  if (change.type === 'heartbeat') {
    const { until, expiresAt } = change;
    const values = { ...held(change), ':until': toN(until), ':expiresAt': toN(expiresAt) };
    // The place in the index stays, with the expiry of before: a heartbeat is one write.
    return { update: 'SET #leaseUntil = :until, #expiresAt = :expiresAt', condition: HELD, values, returns };
  }

  const moved = (state: JobState): Item => {
    const { indexPk, indexSk } = indexEntry(namespace, id, state, {
      updatedAt: change.now,
      expiresAt: change.expiresAt,
    });
    return {
      ':state': toS(state),
      ':now': toN(change.now),
      ':expiresAt': toN(change.expiresAt),
      ...(indexPk === undefined || indexSk === undefined ? {} : { ':indexPk': indexPk, ':indexSk': indexSk }),
    };
  };
  switch (change.type) {
    case 'claimed':
      return {
        update: `${MOVED}, #attempt = :attempt, #owner = :owner, #leaseUntil = :until`,
        condition: '#attempt = :seen AND (#state = :pending OR (#state = :state AND #leaseUntil <= :now))',
        values: {
          ...moved('inProgress'),
          ':pending': toS('pending'),
          ':seen': toN(change.seenAttempt),
          ':attempt': toN(change.seenAttempt + 1),
          ':owner': toS(change.owner),
          ':until': toN(change.until),
        },
        returns,
      };
    case 'succeeded': {
      const [[name, value] = ['result', toS('')]] = Object.entries(encodeResult(change.result));
      return {
        update: `${MOVED}, #${name} = :result REMOVE #leaseUntil`,
        condition: HELD,
        values: { ...moved('succeeded'), ...held(change), ':result': value },
        returns,
      };
    }
    case 'failed':
      return {
        update: `${MOVED}, #error = :error REMOVE #leaseUntil`,
        condition: HELD,
        values: { ...moved('failed'), ...held(change), ':error': toS(JSON.stringify(change.error)) },
        returns,
      };
    case 'released':
      return {
        update: BACK_TO_PENDING,
        condition: HELD,
        values: { ...moved('pending'), ...held(change) },
        returns,
      };
    case 'reset':
      return {
        update: BACK_TO_PENDING,
        condition: '#state = :inProgress AND #leaseUntil <= :now AND #attempt = :seen',
        values: {
          ...moved('pending'),
          ':inProgress': toS('inProgress'),
          ':seen': toN(change.seenAttempt),
        },
        returns,
      };
    case 'retried':
      return {
        update: BACK_TO_PENDING,
        condition: '#state = :failed AND #attempt = :seen',
        values: { ...moved('pending'), ':failed': toS('failed'), ':seen': toN(change.seenAttempt) },
        returns,
      };
  }
}
