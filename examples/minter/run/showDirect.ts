import { FunctionError } from 'fanfold/local';
import type { MintResponse } from '../handlers/createDirectMinter.js';
import type { Flags } from '../readFlags.js';
import type { Stage } from './startStage.js';

/** Source identifiers as a catalogue has them. */
export const identifiers = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}/b${1_000 + index}`);

/** The ids that were answered, by source identifier: more than one for an identifier is a broken promise. */
export function idsOf(answers: readonly Pick<MintResponse, 'successes'>[]): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { sourceIdentifier, canonicalId } of answers.flatMap(({ successes }) => successes)) {
    ids.set(sourceIdentifier, (ids.get(sourceIdentifier) ?? new Set()).add(canonicalId));
  }
  return ids;
}

/** Mints by the direct interface, and shows what it refuses. */
export async function showDirect({ local }: Stage, flags: Flags) {
  const mint = (sourceIdentifiers: string[], jobId?: string) =>
    local.lambda.invoke('minter', { sourceIdentifiers, jobId }) as Promise<MintResponse>;
  const refused = async (request: unknown): Promise<string> => {
    try {
      await local.lambda.invoke('minter', request);
      return 'accepted';
    } catch (error) {
      if (error instanceof FunctionError) return error.message;
      throw error;
    }
  };
  const counts = ({ successes, failures, jobId }: MintResponse) => ({
    ...{ successes: successes.length, failures: failures.length },
    ...(jobId === undefined ? {} : { jobId }),
  });

  const one = counts(await mint(identifiers('one', 1), 'job-1'));
  const minted = await mint(identifiers('hundred', 100));
  const again = await mint(identifiers('hundred', 100));
  const partial = await mint([...identifiers('partial', 99), 'unknown/b1']);
  const asked = identifiers('concurrent', flags.identifiers);
  const ids = idsOf(await Promise.all(Array.from({ length: flags.requests }, () => mint(asked))));
  return {
    one,
    hundred: counts(minted),
    replayedSame: JSON.stringify(again) === JSON.stringify(minted),
    refused: {
      tooMany: await refused({ sourceIdentifiers: identifiers('many', 101) }),
      empty: await refused({ sourceIdentifiers: [] }),
      blank: await refused({ sourceIdentifiers: ['catalogue/b1', ' \t'] }),
      wrongElement: await refused({ sourceIdentifiers: ['catalogue/b1', 7] }),
      wrongType: await refused({ sourceIdentifiers: 'catalogue/b1' }),
      wrongJobId: await refused({ sourceIdentifiers: ['catalogue/b1'], jobId: 7 }),
      noObject: await refused(['catalogue/b1']),
    },
    partial: { ...counts(partial), failed: partial.failures },
    concurrent: {
      requests: flags.requests,
      identifiers: ids.size,
      canonicalIds: new Set([...ids.values()].flatMap((each) => [...each])).size,
      mostIdsOfOne: Math.max(0, ...[...ids.values()].map(({ size }) => size)),
    },
  };
}
