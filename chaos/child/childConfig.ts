import type { JobMode } from '../plan.js';

/** What a process of the herd does. */
export type Role = 'publisher' | 'worker' | 'deadLetterWorker' | 'sweeper';

/** Where everything is; a child gets it as JSON. */
export interface ChildConfig {
  readonly seed: number;
  readonly items: number;
  readonly mode: JobMode;
  /** The fan-in's. */
  readonly id: string;
  /** In epoch ms; `null` for none. */
  readonly deadlineAt: number | null;
  readonly tableName: string;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  readonly queues: {
    readonly items: { readonly url: string; readonly arn: string };
    readonly deadLetters: { readonly url: string; readonly arn: string };
    readonly completions: { readonly url: string };
  };
}
