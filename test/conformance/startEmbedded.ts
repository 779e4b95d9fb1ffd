import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startLocal } from '../../src/local/index.js';
import { ownName } from './ownName.js';
import { FUNCTION_TIMEOUT_MS, type Place } from './place.js';

/** What a second of a definition lasts here, in ms: an emulator of ours need not keep anybody waiting. */
const SECOND_MS = 250;

/** A place within this process. */
export async function startEmbedded(): Promise<Place> {
  const local = await startLocal();
  const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  const clients = {
    dynamodb,
    sqs: new SQSClient(local.clientConfig('sqs')),
    sfn: new SFNClient(local.clientConfig('sfn')),
  };
  return {
    ...clients,
    registerFunction: (name, handler, { timeoutMs = FUNCTION_TIMEOUT_MS } = {}) =>
      local.lambda.register(name, handler, { timeoutMs }),
    async createTable(definition) {
      const tableName = ownName('table');
      await dynamodb.send(new CreateTableCommand(definition(tableName)));
      return tableName;
    },
    createQueue: (name, options) => local.createQueue(ownName(name), options),
    mapQueue: (options) => local.mapQueue(options),
    createStateMachine: (name, definition, substitutions = {}) =>
      local.stepFunctions.register(ownName(name), definition, { substitutions, secondMs: SECOND_MS }),
    async stop() {
      await local.stop();
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
