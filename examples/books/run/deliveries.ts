import type { LambdaHandler, SqsBatchResponse, SqsRecord } from 'fanfold';

/** What became of the records that were handed to the worker. */
export interface Deliveries {
  /** Records handed to an invocation, repeats included. */
  readonly total: number;
  /** Acknowledgements beyond an item's first: it was processed though it had been done. */
  readonly duplicates: number;
  /** Items that a worker has acknowledged. */
  readonly acknowledged: number;
  /** Counts the records that pass through a worker. */
  watch(handler: LambdaHandler): LambdaHandler;
}

/** The item that a record carries: an envelope of fanfold's. */
const indexOf = ({ body }: SqsRecord) => (JSON.parse(body) as { fanIn: { index: number } }).fanIn.index;

/** Counts deliveries from the outside, as somebody would who does not trust the library. */
export function watchDeliveries(): Deliveries {
  const seen = new Set<number>();
  let [total, duplicates] = [0, 0];
  return {
    get total() {
      return total;
    },
    get duplicates() {
      return duplicates;
    },
    get acknowledged() {
      return seen.size;
    },
    watch: (handler) => async (event, context) => {
      const { Records } = event as { Records: readonly SqsRecord[] };
      total += Records.length;
      const answer = (await handler(event, context)) as SqsBatchResponse;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const record of Records) {
        if (failed.has(record.messageId)) continue;
        const index = indexOf(record);
        if (seen.has(index)) duplicates += 1;
        seen.add(index);
      }
      return answer;
    },
  };
}
