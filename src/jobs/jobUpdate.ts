import type { Values } from '../attributes.js';
import type { ItemUpdate } from '../dynamoItem.js';
import { encodeResult, indexEntry } from './dynamoJob.js';
import type { JobChange, JobState } from './job.js';

const states = { pending: 'pending', inProgress: 'inProgress', failed: 'failed' };
const HELD = '#state = :inProgress AND #owner = :owner AND #attempt = :attempt';
const MOVED =
  'SET #state = :state, #updatedAt = :now, #expiresAt = :expiresAt, #indexPk = :indexPk, #indexSk = :indexSk';
const BACK_TO_PENDING = `${MOVED} REMOVE #owner, #leaseUntil, #error`;

/** The change as an update with the condition under which `changeJob` allows it. */
export function jobUpdate(namespace: string, id: string, change: JobChange): ItemUpdate {
  if (change.type === 'heartbeat') {
    // The place in the index stays, with the expiry of before: a heartbeat is one write.
    const update = 'SET #leaseUntil = :until, #expiresAt = :expiresAt';
    return { update, condition: HELD, values: { ...states, ...change } };
  }
  const { now, expiresAt } = change;
  const moved = (state: JobState): Values => ({
    ...states,
    state,
    now,
    expiresAt,
    ...indexEntry(namespace, id, state, { updatedAt: now, expiresAt }),
  });
  switch (change.type) {
    case 'claimed': {
      const { seenAttempt, owner, until } = change;
      return {
        update: `${MOVED}, #attempt = :attempt, #owner = :owner, #leaseUntil = :until`,
        condition:
          '#attempt = :seenAttempt AND (#state = :pending OR (#state = :state AND #leaseUntil <= :now))',
        values: { ...moved('inProgress'), seenAttempt, attempt: seenAttempt + 1, owner, until },
      };
    }
    case 'succeeded': {
      const { owner, attempt, result } = change;
      const name = 'text' in result ? 'result' : 'claimCheckKey';
      return {
        update: `${MOVED}, #${name} = :${name} REMOVE #leaseUntil`,
        condition: HELD,
        values: { ...moved('succeeded'), owner, attempt, ...encodeResult(result) },
      };
    }
    case 'failed': {
      const { owner, attempt, error } = change;
      return {
        update: `${MOVED}, #error = :error REMOVE #leaseUntil`,
        condition: HELD,
        values: { ...moved('failed'), owner, attempt, error: JSON.stringify(error) },
      };
    }
    case 'released':
      return { update: BACK_TO_PENDING, condition: HELD, values: { ...change, ...moved('pending') } };
    case 'reset':
      return {
        update: BACK_TO_PENDING,
        condition: '#state = :inProgress AND #leaseUntil <= :now AND #attempt = :seenAttempt',
        values: { ...change, ...moved('pending') },
      };
    case 'retried':
      return {
        update: BACK_TO_PENDING,
        condition: '#state = :failed AND #attempt = :seenAttempt',
        values: { ...change, ...moved('pending') },
      };
  }
}
