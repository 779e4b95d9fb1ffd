import type { CompletionSummary, FanIn } from 'fanfold';
import type { Answer } from './messages.js';

/** What the state's output says of a job that went over SQS. */
export interface JobOutput {
  readonly counts: CompletionSummary['counts'];
  readonly completionReason: string;
  readonly failures: readonly { readonly index: number; readonly error: string }[];
}

/** As many reasons as fit into 256 KiB beside the tickers; `counts.failed` has all of them. */
const MOST_FAILURES = 100;

/** The output of the state: counts, and why tickers failed. `index` is that of `ticker_list.tickers`. */
export async function describeJob(
  { id, counts, completionReason }: CompletionSummary,
  fanIn: Pick<FanIn<Answer>, 'results'>,
): Promise<JobOutput> {
  const failures: { index: number; error: string }[] = [];
  if (counts.failed > 0) {
    for await (const { index, outcome } of fanIn.results(id)) {
      if (outcome.status !== 'succeeded')
        failures.push({ index, error: outcome.error.message.slice(0, 300) });
      if (failures.length === MOST_FAILURES) break;
    }
  }
  return { counts, completionReason, failures };
}
