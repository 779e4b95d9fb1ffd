interface BatchCommand {
  readonly input: { readonly Entries?: readonly { readonly Id?: string | undefined }[] | undefined };
}

/** A client of a queue that takes everything, `latencyMs` later; without a timer when that is 0. */
export function slowQueue(latencyMs: number) {
  let accepted = 0;
  let calls = 0;
  const client = {
    async send({ input: { Entries = [] } }: BatchCommand) {
      calls += 1;
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      accepted += Entries.length;
      return { Successful: Entries.map(({ Id }) => ({ Id, MessageId: 'm' })) };
    },
  };
  return { client, accepted: () => accepted, calls: () => calls };
}
