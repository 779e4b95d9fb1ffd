import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RunningMapping } from '../../src/local/eventSourceMapping.js';
import { createFaultPlan } from '../../src/local/faults.js';
import { createInvocationScopes } from '../../src/local/invocationScope.js';
import { startLambdaFront } from '../../src/local/lambdaFront.js';
import { createLambdaRunner } from '../../src/local/lambdaRunner.js';
import { mapQueue } from '../../src/local/mapQueue.js';
import { createQueue } from '../../src/local/queues.js';
import { readDefinition } from '../../src/local/stepFunctions/readDefinition.js';
import { clientSettings } from '../clientSettings.js';
import { ownName } from './ownName.js';
import { FUNCTION_TIMEOUT_MS, type Place } from './place.js';

export interface Elsewhere {
  readonly sqs: string;
  readonly dynamodb: string | undefined;
  readonly sfn: string | undefined;
  /** Where the Step Functions elsewhere expect our functions; 0 where nobody does. */
  readonly lambdaPort: number;
}

/** An endpoint that nobody listens on: whoever calls it hears so at once. */
const NOBODY = 'http://127.0.0.1:9';
const roleArn = 'arn:aws:iam::123456789012:role/fanfold-conformance';

/** Our functions and our event source mapping, on services that others serve. */
export async function startElsewhere({ sqs, dynamodb, sfn, lambdaPort }: Elsewhere): Promise<Place> {
  const clients = {
    dynamodb: new DynamoDBClient(clientSettings(dynamodb || NOBODY)),
    sqs: new SQSClient(clientSettings(sqs)),
    // AWS's host for synchronous calls is a name that is no part of an endpoint given as an address.
    sfn: new SFNClient({ ...clientSettings(sfn || NOBODY), disableHostPrefix: true }),
  };
  const now = Date.now;
  const runner = createLambdaRunner({ concurrency: 1_000, scopes: createInvocationScopes(), now });
  const front = await startLambdaFront(runner, lambdaPort);
  const mappings: RunningMapping[] = [];
  return {
    ...clients,
    registerFunction: (name, handler, { timeoutMs = FUNCTION_TIMEOUT_MS } = {}) =>
      runner.register(name, handler, { timeoutMs }),
    async createTable(definition) {
      const tableName = ownName('table');
      await clients.dynamodb.send(new CreateTableCommand(definition(tableName)));
      const waiting = { client: clients.dynamodb, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
      await waitUntilTableExists(waiting, { TableName: tableName });
      return tableName;
    },
    createQueue: (name, options) => createQueue(clients.sqs, ownName(name), options),
    async mapQueue(options) {
      const parts = { control: clients.sqs, client: clients.sqs, runner, plan: createFaultPlan(), now };
      const mapping = await mapQueue(parts, options);
      mappings.push(mapping);
      return mapping;
    },
    async createStateMachine(name, definition, substitutions) {
      const text = JSON.stringify(await readDefinition(definition, substitutions));
      const command = new CreateStateMachineCommand({ name: ownName(name), definition: text, roleArn });
      return (await clients.sfn.send(command)).stateMachineArn ?? '';
    },
    async stop() {
      for (const mapping of mappings) mapping.stop();
      runner.stop();
      await front.stop();
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
