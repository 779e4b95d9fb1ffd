import type { SQSClient } from '@aws-sdk/client-sqs';
import { invalidArgument } from '../arguments.js';
import { loadSQS } from '../peers.js';
import { type RunningMapping, startEventSourceMapping } from './eventSourceMapping.js';
import type { FaultPlan } from './faults.js';
import type { InternalLambdaRunner } from './lambdaRunner.js';
import { mappingOptions, type QueueMappingOptions } from './mappingOptions.js';
import { createMessageDeleter } from './messageDeleter.js';

/** What mapping a queue needs beside its settings. */
export interface MapQueueParts {
  /** Sets up: its calls are no traffic. */
  readonly control: SQSClient;
  /** Receives and deletes. */
  readonly client: SQSClient;
  readonly runner: InternalLambdaRunner;
  readonly plan: FaultPlan;
  readonly now: () => number;
}

/** Checks a mapping as AWS does, connects it to SQS, and starts it. */
export async function mapQueue(parts: MapQueueParts, options: QueueMappingOptions): Promise<RunningMapping> {
  const mapping = mappingOptions(options);
  const { queueUrl, functionName } = mapping;
  const { timeoutMs } = parts.runner.find(functionName);
  const sqs = await loadSQS();
  const { Attributes = {} } = await parts.control.send(
    new sqs.GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const visibilityMs = Number(Attributes.VisibilityTimeout) * 1_000;
  if (visibilityMs < timeoutMs) {
    const expected = `a visibility timeout of at least the function's timeout (${timeoutMs} ms)`;
    throw invalidArgument('queueUrl', expected, visibilityMs);
  }
  const { client } = parts;
  return startEventSourceMapping({
    ...{ mapping, queueArn: Attributes.QueueArn ?? '', runner: parts.runner, plan: parts.plan },
    now: parts.now,
    remove: createMessageDeleter(client, queueUrl, sqs).add,
    async receive(MaxNumberOfMessages, WaitTimeSeconds, abortSignal) {
      const command = new sqs.ReceiveMessageCommand({
        ...{ QueueUrl: queueUrl, MaxNumberOfMessages, WaitTimeSeconds },
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      const { Messages = [] } = await client.send(command, { abortSignal });
      return Messages;
    },
  });
}
