import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaHandler } from '../../src/invocation/index.js';
import type {
  AslObject,
  CreatedQueue,
  QueueMappingOptions,
  QueueOptions,
  Substitutions,
} from '../../src/local/index.js';

/** Where a suite runs: our functions, and the services of whoever serves them. */
export interface Place {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
  /** Makes a handler known as a function that may take 30 s, or as long as given: who shares the machine must wait. */
  registerFunction(name: string, handler: LambdaHandler, options?: { readonly timeoutMs?: number }): void;
  /** Creates a table under a name of its own. */
  createTable(definition: (tableName: string) => CreateTableCommandInput): Promise<string>;
  /** Creates a queue whose name begins so. */
  createQueue(name: string, options?: QueueOptions): Promise<CreatedQueue>;
  /** Connects a queue to a function, by `fanfold/local`'s event source mapping. */
  mapQueue(options: QueueMappingOptions): Promise<unknown>;
  /** Creates a state machine whose name begins so, from an object or a `*.asl.json` file; resolves to its ARN. */
  createStateMachine(
    name: string,
    definition: AslObject | string,
    substitutions?: Substitutions,
  ): Promise<string>;
  stop(): Promise<void>;
}

/** How long a function may take that is given no time of its own, in ms. */
export const FUNCTION_TIMEOUT_MS = 30_000;
