import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CompletionSummary, FanIn } from 'fanfold';

/** What came out of the completions' queue. */
export interface Completions {
  /** Every delivery, repeats included. */
  readonly summaries: readonly CompletionSummary[];
  /** How many items had no outcome when the first delivery was read; more than none means that it came early. */
  readonly missingAtFirst: number | undefined;
}

export interface Collector {
  readonly completions: Completions;
  /** Reads what is there now. */
  collect(): Promise<void>;
}

/** The consumer of the completions. */
export function createCollector(sqs: SQSClient, queueUrl: string, fanIn: Pick<FanIn, 'missing'>): Collector {
  const summaries: CompletionSummary[] = [];
  let missingAtFirst: number | undefined;
  return {
    get completions() {
      return { summaries, missingAtFirst };
    },
    async collect() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        const summary = JSON.parse(Body) as CompletionSummary;
        summaries.push(summary);
        if (missingAtFirst === undefined) {
          missingAtFirst = 0;
          for await (const _ of fanIn.missing(summary.id)) missingAtFirst += 1;
        }
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    },
  };
}
