import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createFanIn, dynamoFanInStore, type FanIn, sendToQueue } from 'fanfold';
import { limits } from '../limits.js';
import type { ChildConfig } from './childConfig.js';
import type { Underway } from './report.js';

/** What the job's results look like; `item` shows that a result sits in its own place. */
export interface ItemResult {
  readonly item: number;
}

/** What a child works with. */
export interface Connections {
  readonly sqs: SQSClient;
  readonly fanIn: FanIn<ItemResult>;
}

/** The part of a client's middleware that {@link slowDown} needs. */
interface Slowable {
  readonly middlewareStack: {
    add(
      middleware: <Args, Reply>(next: (args: Args) => Promise<Reply>) => (args: Args) => Promise<Reply>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** Loopback is too quick: a kill would hardly ever fall between a write and its reply. */
function slowDown<Client extends Slowable>(client: Client, wireMs: number): Client {
  const slow =
    <Args, Reply>(next: (args: Args) => Promise<Reply>) =>
    async (args: Args): Promise<Reply> => {
      await sleep(wireMs);
      const reply = await next(args);
      await sleep(wireMs);
      return reply;
    };
  client.middlewareStack.add(slow, { step: 'initialize', name: 'slowDown' });
  return client;
}

/** Connects a child to the parent's servers, over the wire like any other client. */
export function connect(
  config: ChildConfig,
  underway: Underway,
  sqsWireMs: number = limits.wireMs,
): Connections {
  const { endpoints, tableName, queues } = config;
  const account = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamodb = slowDown(new DynamoDBClient({ ...account, endpoint: endpoints.dynamodb }), limits.wireMs);
  const sqs = slowDown(new SQSClient({ ...account, endpoint: endpoints.sqs }), sqsWireMs);
  const deliver = sendToQueue({ client: sqs, queueUrl: queues.completions.url });
  const fanIn = createFanIn<ItemResult>({
    store: dynamoFanInStore({ client: dynamodb, tableName }),
    onComplete: (summary, context) => underway('delivery', [], async () => deliver(summary, context)),
    leaseMs: limits.leaseMs,
    leafSize: limits.leafSize,
    storeResults: true,
  });
  return { sqs, fanIn };
}
