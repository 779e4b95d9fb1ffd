import {
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

/** Which canonical id each source identifier has, for ever. */
export interface Registry {
  /** The canonical id, where there is one already. */
  find(sourceIdentifier: string): Promise<string | undefined>;
  /** Gives the identifier this id unless it has one; answers the id that it has. */
  assign(sourceIdentifier: string, canonicalId: string): Promise<string>;
}

/** The table: without TTL, because an id that expired would be minted anew. */
export function registryTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'sourceIdentifier', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'sourceIdentifier', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}

/**
 * The registry in DynamoDB. A condition decides which of several writers was first; a write whose reply was lost and
 * that is sent again finds its own id. IAM: `dynamodb:GetItem`, `dynamodb:PutItem` on the table.
 */
export function dynamoRegistry(target: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): Registry {
  const { client, tableName: TableName } = target;

  async function read(sourceIdentifier: string, ConsistentRead: boolean): Promise<string | undefined> {
    const Key = { sourceIdentifier: { S: sourceIdentifier } };
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead }));
    return Item?.canonicalId?.S;
  }

  return {
    // An id never changes, so that one that is found is right, however old the copy.
    find: (sourceIdentifier) => read(sourceIdentifier, false),
    async assign(sourceIdentifier, canonicalId) {
      const command = new PutItemCommand({
        TableName,
        Item: { sourceIdentifier: { S: sourceIdentifier }, canonicalId: { S: canonicalId } },
        ConditionExpression: 'attribute_not_exists(sourceIdentifier)',
      });
      try {
        await client.send(command);
        return canonicalId;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
      const found = await read(sourceIdentifier, true);
      if (found === undefined) throw new Error('the registry refused an id and has none');
      return found;
    },
  };
}
