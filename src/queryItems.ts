import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.js';
import type { DynamoTable } from './dynamoItem.js';
import { expectClient, loadDynamoDB } from './peers.js';

/** What a query finds, ascending, page by page. */
export async function* queryItems(
  { client, tableName }: DynamoTable,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncGenerator<Item> {
  const { QueryCommand } = await loadDynamoDB();
  const dynamo = expectClient('client', client, 'DynamoDB');
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await dynamo.send(new QueryCommand({ TableName: tableName, ...query, ExclusiveStartKey }));
    yield* page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}
