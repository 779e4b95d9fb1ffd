import { Agent } from 'node:http';
import { expectInteger } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { clientConfig, type LocalClientConfig } from './clientConfig.js';
import { type Emulators, startEmulators } from './emulators.js';
import type { LocalService } from './wire.js';

export interface LocalOptions {
  /** The ports to listen on, on 127.0.0.1; SQS and S3 share one. @default free ports */
  readonly ports?: { readonly dynamodb?: number; readonly sqs?: number };
  /** How often a client made from `clientConfig` tries a call. @default 3 */
  readonly maxAttempts?: number;
}

/** AWS on loopback, as {@link startLocal} started it. */
export interface Local {
  readonly endpoints: Emulators['endpoints'];
  /** A ready configuration for `DynamoDBClient`, `SQSClient` or `S3Client`. */
  clientConfig(service: LocalService): LocalClientConfig;
  /** Ends everything at once; whatever the servers held is gone. A second stop is an error, `AlreadyStopped`. */
  stop(): Promise<void>;
}

/** One connection for each of the 400 functions that may run at once, and some for the pollers. */
const MAX_SOCKETS = 512;

/**
 * Starts DynamoDB, SQS and S3 on loopback, in this process. Needs `dynalite` and `fauxqs`.
 *
 * @throws FanfoldError `InvalidArgument` · `PortInUse` · `MissingPeer` for an emulator that is not installed.
 * @example
 * ```ts
 * const local = await startLocal();
 * const sqs = new SQSClient(local.clientConfig('sqs'));
 * await local.stop();
 * ```
 */
export async function startLocal({ ports = {}, maxAttempts = 3 }: LocalOptions = {}): Promise<Local> {
  const { dynamodb = 0, sqs = 0 } = ports;
  expectInteger('ports.dynamodb', dynamodb, 0, 65_535);
  expectInteger('ports.sqs', sqs, 0, 65_535);
  expectInteger('maxAttempts', maxAttempts, 1);
  const emulators = await startEmulators({ dynamodb, sqs });
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  let stopped = false;
  return {
    endpoints: emulators.endpoints,
    clientConfig: (service) =>
      clientConfig(service, { endpoint: emulators.endpoints[service], agent, maxAttempts, layers: [] }),
    async stop() {
      if (stopped) throw new FanfoldError('AlreadyStopped', 'these local servers have been stopped before');
      stopped = true;
      agent.destroy();
      await emulators.stop();
    },
  };
}
