import type { Agent } from 'node:http';
import { createLocalSigner } from './localSigner.js';
import { type LocalService, layered, type WireHandler, type WireLayer } from './wire.js';

/** Where everything local claims to be. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';

/** What the constructor of an AWS client takes: `new SQSClient(local.clientConfig('sqs'))`. */
export interface LocalClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  signer: ReturnType<typeof createLocalSigner>;
  maxAttempts: number;
  /** S3 only: a bucket is a path, because `bucket.127.0.0.1` is no host. */
  forcePathStyle: true;
  requestHandler: { httpAgent: Agent };
  extensions: {
    configure(configuration: {
      httpHandler(): WireHandler;
      setHttpHandler(handler: WireHandler): void;
    }): void;
  }[];
}

/** What a configuration is made of. */
export interface ClientConfigParts {
  readonly endpoint: string;
  readonly agent: Agent;
  readonly maxAttempts: number;
  readonly layers: readonly WireLayer[];
}

/** A client configuration whose requests pass through `layers`; the SDK's own handler does the sending. */
export function clientConfig(
  service: LocalService,
  { endpoint, agent, maxAttempts, layers }: ClientConfigParts,
): LocalClientConfig {
  return {
    endpoint,
    region: LOCAL_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    signer: createLocalSigner(LOCAL_REGION),
    maxAttempts,
    forcePathStyle: true,
    requestHandler: { httpAgent: agent },
    extensions: [
      {
        configure(configuration) {
          configuration.setHttpHandler(layered(service, configuration.httpHandler(), layers));
        },
      },
    ],
  };
}
