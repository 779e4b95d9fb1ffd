import { expectKey } from './mintRequest.js';
import type { Registry } from './registry.js';

/** A source identifier with its canonical id. */
export interface Minted {
  readonly sourceIdentifier: string;
  readonly canonicalId: string;
}

/** Mints one identifier, or answers what was minted before. */
export type Mint = (sourceIdentifier: string, signal: AbortSignal) => Promise<Minted>;

export interface MintParts {
  readonly registry: Registry;
  /** Makes sure that the source has such a record; throws a `NonRetryableError` where it has not. */
  readonly confirm: (sourceIdentifier: string, signal: AbortSignal) => Promise<void>;
  /** Unique at every call. */
  readonly newId: () => string;
}

/**
 * The minting that both interfaces share. Idempotent: whoever asks, and however many at once, gets the id that was
 * assigned first.
 */
export function createMint({ registry, confirm, newId }: MintParts): Mint {
  return async (sourceIdentifier, signal) => {
    expectKey(sourceIdentifier);
    const known = await registry.find(sourceIdentifier);
    if (known !== undefined) return { sourceIdentifier, canonicalId: known };
    await confirm(sourceIdentifier, signal);
    return { sourceIdentifier, canonicalId: await registry.assign(sourceIdentifier, newId()) };
  };
}
