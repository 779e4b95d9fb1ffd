import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { invalidArgument } from './arguments.js';
import { FanfoldError, isFanfoldError } from './errors.js';

/**
 * A client of the AWS SDK for JavaScript v3, by its shape: fanfold's declarations name no AWS package, so that a
 * service type-checks with only the clients that it uses. The service is checked when the client is first used.
 */
export interface AwsClient {
  send(command: never, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

interface AwsServices {
  readonly DynamoDB: DynamoDBClient;
  readonly S3: S3Client;
  readonly SFN: SFNClient;
  readonly SQS: SQSClient;
}

/** The client, typed, after a look at what it says of itself: `service` is the SDK's own `serviceId`. */
export function expectClient<S extends keyof AwsServices>(
  field: string,
  client: AwsClient,
  service: S,
): AwsServices[S] {
  const candidate: { send?: unknown; config?: { serviceId?: unknown } } | null | undefined = client as
    | object
    | null;
  if (typeof candidate?.send !== 'function') throw invalidArgument(field, `a client of ${service}`, client);
  const serviceId = candidate.config?.serviceId;
  if (typeof serviceId === 'string' && serviceId !== service) {
    throw invalidArgument(field, `a client of ${service}`, `a client of ${serviceId}`);
  }
  return client as AwsServices[S];
}

/** Turns "cannot find module" into an error that says what to install; any other failure to load passes as it is. */
export function missingPeer(name: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    if (!notFound || !String(message).includes(name) || isFanfoldError(error)) throw error;
    throw new FanfoldError('MissingPeer', `${name} is not installed: run "npm install ${name}"`, {
      cause: error,
    });
  };
}

// The catch is also what lets a bundler build a service that does not have the package.
export const loadDynamoDB = () =>
  import('@aws-sdk/client-dynamodb').catch(missingPeer('@aws-sdk/client-dynamodb'));
export const loadS3 = () => import('@aws-sdk/client-s3').catch(missingPeer('@aws-sdk/client-s3'));
export const loadSQS = () => import('@aws-sdk/client-sqs').catch(missingPeer('@aws-sdk/client-sqs'));
export const loadSFN = () => import('@aws-sdk/client-sfn').catch(missingPeer('@aws-sdk/client-sfn'));
