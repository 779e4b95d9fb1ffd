import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

/** How far the sequence of manifests is settled: every slot below the head is, for ever. */
export interface ManifestHead {
  /** The first slot that may not be settled yet. */
  read(): Promise<number>;
  /** Moves it on; it never goes back. */
  advance(slot: number): Promise<void>;
}

const FIRST_SLOT = 1;

/**
 * The head in an item of its own beside fanfold's, without an expiry. IAM: `dynamodb:GetItem`, `dynamodb:UpdateItem`
 * on the table.
 */
export function dynamoManifestHead(target: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): ManifestHead {
  const { client, tableName: TableName } = target;
  const Key = { pk: { S: 'ndjson/manifests' }, sk: { S: 'head' } };
  return {
    async read() {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Number(Item?.slot?.N ?? FIRST_SLOT);
    },
    async advance(slot) {
      const command = new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET slot = :slot',
        ConditionExpression: 'attribute_not_exists(slot) OR slot < :slot',
        ExpressionAttributeValues: { ':slot': { N: String(slot) } },
      });
      await client.send(command).catch((error: unknown) => {
        // It is there already, by our own first try or by another builder.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}
