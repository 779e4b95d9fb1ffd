import { isDeepStrictEqual } from 'node:util';
import type { Flags } from '../readFlags.js';
import type { Result } from './runMinter.js';

const SOME = 'some failed';
const ALL = 'all minted';

/** Which field each refusal has to name. */
const FIELDS: Readonly<Record<keyof Result['refused'], string>> = {
  tooMany: 'sourceIdentifiers: ',
  empty: 'sourceIdentifiers: ',
  blank: 'sourceIdentifiers.1: ',
  wrongElement: 'sourceIdentifiers.1: ',
  wrongType: 'sourceIdentifiers: ',
  wrongJobId: 'jobId: ',
  noObject: 'request: ',
};

/** Holds what happened against what was promised; answers one sentence for each promise that was broken. */
export function brokenPromises(result: Result, flags: Flags): string[] {
  const { one, hundred, partial, concurrent, queue, choices, verdicts, batches, log } = result;
  const { recovers, outage, invalid } = batches.calls;
  const is = (promise: string, found: unknown, expected: unknown): string[] =>
    isDeepStrictEqual(found, expected)
      ? []
      : [`${promise}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`];
  const refusals = Object.entries(FIELDS).flatMap(([name, field]) => {
    const message = result.refused[name as keyof Result['refused']];
    return is(
      `the refusal of ${name} names its field (${message})`,
      message.startsWith(`InvalidRequest: ${field}`),
      true,
    );
  });
  return [
    ...is('one identifier is minted', one, { successes: 1, failures: 0, jobId: 'job-1' }),
    ...is('a hundred identifiers are minted', hundred, { successes: 100, failures: 0 }),
    ...is('a replay is answered the same', result.replayedSame, true),
    ...refusals,
    ...is('a failing identifier leaves the others', [partial.successes, partial.failures], [99, 1]),
    ...is(
      'the failure names its identifier',
      partial.failed.map(({ sourceIdentifier }) => sourceIdentifier),
      ['unknown/b1'],
    ),
    ...is('concurrent requests yield one canonical id each', concurrent, {
      requests: flags.requests,
      identifiers: flags.identifiers,
      canonicalIds: flags.identifiers,
      mostIdsOfOne: 1,
    }),
    ...is('the queue ends in the results and the dead-letter queue', queue, {
      ...{ sent: 26, ended: true, receivedDownstream: 25, sameIdsAsDirect: true, deadLettered: 1, left: 0 },
    }),
    ...is("the original's Choice is always true, ours is not", choices, {
      noneFailed: { onList: SOME, onFirst: ALL },
      oneFailed: { onList: SOME, onFirst: SOME },
    }),
    ...is('a state machine tells failures apart', verdicts, {
      ...{ good: ALL, bad: SOME, invalid: 'nothing minted' },
    }),
    ...is('a failing batch leaves the others', [batches.minted, batches.partlyMinted], [11, 1]),
    ...is('a batch fails by its own error', batches.failed, ['Error', 'InvalidRequest']),
    ...is('the Map runs at most five at once', batches.mostAtOnce <= 5, true),
    ...is('three retries, none for a bad request', [recovers, outage, invalid], [3, 4, 1]),
    ...is('every line has its metrics and its correlation id', log.whole, log.logged),
  ];
}
