/** An entry as `SendMessageBatch` gets it. */
export interface SentEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

export interface Reply {
  readonly Successful?: readonly { readonly Id: string; readonly MessageId: string }[];
  readonly Failed?: readonly {
    readonly Id: string;
    readonly Code: string;
    readonly SenderFault: boolean;
    readonly Message?: string;
  }[];
}

/** What the queue does with a call: the default accepts everything. */
export type Script = (
  entries: readonly SentEntry[],
  call: number,
  options: { readonly abortSignal?: AbortSignal },
) => Reply | Promise<Reply>;

export const acceptAll = (entries: readonly SentEntry[]): Reply => ({
  Successful: entries.map(({ Id, MessageBody }) => ({ Id, MessageId: `m-${MessageBody}` })),
});

/** A reply that refuses some entries and accepts the rest. */
export function refusing(
  entries: readonly SentEntry[],
  isRefused: (entry: SentEntry) => boolean,
  { code = 'InternalError', senderFault = false }: { code?: string; senderFault?: boolean } = {},
): Reply {
  const refused = new Set(entries.filter(isRefused));
  return {
    Successful: acceptAll(entries.filter((entry) => !refused.has(entry))).Successful ?? [],
    Failed: [...refused].map(({ Id }) => ({ Id, Code: code, SenderFault: senderFault })),
  };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode: number): Error {
  const error = Object.assign(new Error(`${name} happened`), {
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
  error.name = name;
  return error;
}

/** A client with a queue behind it that follows a script; it keeps every call, and how many were under way at most. */
export function fakeQueue(script: Script = acceptAll) {
  const calls: (readonly SentEntry[])[] = [];
  let inFlight = 0;
  let peak = 0;
  const client = {
    async send(
      command: { readonly input: { readonly Entries?: readonly SentEntry[] } },
      options: { readonly abortSignal?: AbortSignal } = {},
    ): Promise<Reply> {
      const entries = command.input.Entries ?? [];
      calls.push(entries);
      peak = Math.max(peak, ++inFlight);
      try {
        await Promise.resolve();
        return await script(entries, calls.length, options);
      } finally {
        inFlight--;
      }
    },
  };
  return { client, calls, peak: () => peak, bodies: () => calls.flat().map((entry) => entry.MessageBody) };
}

/** Retries without waiting. */
export const atOnce = { intervalSeconds: 0, maxAttempts: 5 } as const;
