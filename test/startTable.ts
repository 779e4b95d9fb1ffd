import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { tableDefinition } from '../src/table.js';
import { clientSettings } from './clientSettings.js';

export interface TestTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  stop(): Promise<void>;
}

async function startServer(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const endpoint = process.env.FANFOLD_DYNAMODB_ENDPOINT;
  if (endpoint !== undefined && endpoint !== '') return { endpoint, stop: async () => undefined };
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

/** A fresh fanfold table on the embedded DynamoDB, or on the one that `FANFOLD_DYNAMODB_ENDPOINT` names. */
export async function startTable(): Promise<TestTable> {
  const server = await startServer();
  const client = new DynamoDBClient(clientSettings(server.endpoint));
  const tableName = `fanfold-${randomUUID()}`;
  await client.send(new CreateTableCommand(tableDefinition(tableName)));
  await waitUntilTableExists(
    { client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 1 },
    { TableName: tableName },
  );
  return {
    client,
    tableName,
    async stop() {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
      await server.stop();
    },
  };
}
