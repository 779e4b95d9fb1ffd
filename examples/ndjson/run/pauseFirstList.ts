import type { Records } from '../records.js';

/** A builder that is paused between its choice and its publication. */
export interface PausedBuilder {
  readonly slot: string;
  readonly fencingToken: number;
}

/** A pause, from when a builder is about to publish its first list until it may go on. */
export interface Pause {
  readonly whenPaused: Promise<PausedBuilder>;
  goOn(): void;
  /** The records as the builder sees them. */
  watch(records: Records): Records;
}

/** Pauses a builder for so long that its lock expires and another builder publishes a list in the same slot. */
export function pauseFirstList(): Pause {
  let paused: (builder: PausedBuilder) => void = () => {};
  const whenPaused = new Promise<PausedBuilder>((resolve) => {
    paused = resolve;
  });
  let goOn = () => {};
  const pause = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  return {
    whenPaused,
    goOn: () => goOn(),
    watch: (records) => ({
      ...records,
      slots: {
        ...records.slots,
        async claim(id, options) {
          const claim = await records.slots.claim(id, options);
          if (claim.status !== 'claimed') return claim;
          return {
            ...claim,
            async complete(manifest) {
              paused({ slot: id, fencingToken: claim.attempt });
              await pause;
              await claim.complete(manifest);
            },
          };
        },
      },
    }),
  };
}
