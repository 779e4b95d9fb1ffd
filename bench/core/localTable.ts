import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableDefinition } from 'fanfold';
import { startLocal } from 'fanfold/local';

/** What a stretch of calls to DynamoDB has consumed. */
export interface Consumption {
  readonly calls: number;
  readonly writeUnits: number;
}

/** The embedded DynamoDB, in a thread of its own, with fanfold's table and one for a plain key `id`. */
export async function startTable() {
  const local = await startLocal();
  const client = new DynamoDBClient(local.clientConfig('dynamodb'));
  await client.send(new CreateTableCommand(tableDefinition('fanfold')));
  await client.send(
    new CreateTableCommand({
      TableName: 'plain',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const consumed = (): Consumption => ({
    calls: Object.values(local.meter.dynamodb.calls).reduce((sum, calls) => sum + calls, 0),
    writeUnits: local.meter.dynamodb.writeUnits,
  });
  return {
    client,
    /** What `run` consumes while nothing else runs. */
    async consumption(run: () => Promise<unknown>): Promise<Consumption> {
      const before = consumed();
      await run();
      const after = consumed();
      return { calls: after.calls - before.calls, writeUnits: after.writeUnits - before.writeUnits };
    },
    stop: () => local.stop(),
  };
}
