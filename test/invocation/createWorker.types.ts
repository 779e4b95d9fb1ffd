import type { Context, SQSHandler } from 'aws-lambda';
import { z } from 'zod';
import { createFanIn, memoryFanInStore } from '../../src/aggregation/index.js';
import {
  createDeadLetterHandler,
  createWorker,
  detectInvocation,
  type LambdaHandler,
  type StandardSchema,
} from '../../src/invocation/index.js';

const input = z.object({ isbn: z.string(), pages: z.string().transform(Number) });
const store = memoryFanInStore();

// The schema's output flows into process, its result into respond.
const handler: LambdaHandler = createWorker({
  input,
  process: async ({ isbn, pages }, { signal }) => {
    const text: string = isbn;
    const count: number = pages;
    return { text, count, aborted: signal.aborted };
  },
  respond: (outcomes, invocation) => {
    const mode: string = invocation.mode;
    const [first] = outcomes;
    if (first?.status === 'succeeded') {
      const count: number = first.value.count;
      // @ts-expect-error the result has no such field
      first.value.title;
      return [mode, count];
    }
    return first?.error.code;
  },
  fanIn: createFanIn<{ text: string; count: number; aborted: boolean }>({ store }),
});

// A fan-in of unknown results takes any.
createWorker({ input, process: () => 1, fanIn: createFanIn({ store }) });
// @ts-expect-error a fan-in of other results
createWorker({ input, process: () => 1, fanIn: createFanIn<string>({ store }) });

createDeadLetterHandler({ fanIn: createFanIn<string>({ store }) });
// @ts-expect-error a fan-in is needed
createDeadLetterHandler({});

// @ts-expect-error process takes what the schema hands out
createWorker({ input, process: (value: { isbn: number }) => value });
// @ts-expect-error no schema
createWorker({ process: () => 1 });
// @ts-expect-error a schema of something else
createWorker({ input: { parse: () => 1 }, process: () => 1 });
// @ts-expect-error no such choice
createWorker({ input, process: () => 1, onPermanentFailure: 'drop' });
// @ts-expect-error no such option
createWorker({ input, process: () => 1, batchSize: 10 });

export function acceptsLambdaTypes(context: Context, schema: StandardSchema<unknown, { a: number }>) {
  const sqs: SQSHandler = async (event, lambda) => {
    await handler(event, lambda);
  };
  createWorker({ input: schema, process: ({ a }) => a.toFixed() });
  return [sqs, handler({}, context)];
}

export function tellsModesApart(event: unknown) {
  const invocation = detectInvocation(event);
  switch (invocation.mode) {
    case 'sqs':
      return invocation.records[0]?.messageId.length;
    case 's3':
      return invocation.records[0]?.s3.object.key;
    case 'eventbridge':
      return invocation.event['detail-type'];
    case 'http':
      return invocation.method;
    case 'step-functions':
      return invocation.stepFunctions.taskToken;
    case 'direct':
      // @ts-expect-error a direct call has no records
      return invocation.records;
    default:
      // @ts-expect-error nor has what is left
      return invocation.payload;
  }
}
