/** A client of a queue that takes everything, `latencyMs` later. */
export function slowQueue(latencyMs: number) {
  let accepted = 0;
  const client = {
    async send(command: {
      readonly input: { readonly Entries?: readonly { readonly Id?: string | undefined }[] | undefined };
    }) {
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
      const entries = command.input.Entries ?? [];
      accepted += entries.length;
      return { Successful: entries.map(({ Id }) => ({ Id, MessageId: 'm' })) };
    },
  };
  return { client, accepted: () => accepted };
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
