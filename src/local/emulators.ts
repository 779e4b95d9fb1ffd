import { Worker } from 'node:worker_threads';
import { FanfoldError } from '../errors.js';
import { missingPeer } from '../peers.js';
import { emulatorThread } from './emulatorThread.js';

/** Loopback only: the emulators check no credentials. */
const HOST = '127.0.0.1';

/** The ports to listen on; 0 takes a free one. SQS and S3 share a port. */
export interface EmulatorPorts {
  readonly dynamodb: number;
  readonly sqs: number;
}

export interface Emulators {
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string; readonly s3: string };
  stop(): Promise<void>;
}

type ThreadMessage =
  | { readonly ports: EmulatorPorts }
  | {
      readonly error: {
        readonly service: keyof EmulatorPorts;
        readonly code?: string;
        readonly message: string;
      };
    };

function toError(
  { service, code, message }: Extract<ThreadMessage, { error: unknown }>['error'],
  ports: EmulatorPorts,
) {
  if (code === 'EADDRINUSE') {
    return new FanfoldError('PortInUse', `ports.${service}: port ${ports[service]} is in use`, {
      cause: new Error(message),
    });
  }
  const cause = Object.assign(new Error(message), { code });
  try {
    missingPeer(service === 'dynamodb' ? 'dynalite' : 'fauxqs')(cause);
  } catch (error) {
    return error;
  }
}

/**
 * Starts dynalite and fauxqs in one thread of their own: the functions under test then have an event loop to
 * themselves, and stopping is the end of the thread, whatever the emulators have open.
 *
 * @param from The file whose packages they are looked up from.
 * @throws FanfoldError `PortInUse` · `MissingPeer`
 */
export async function startEmulators(
  ports: EmulatorPorts,
  // The CommonJS build has no import.meta, the other one no __filename.
  from: string = typeof __filename === 'string' ? __filename : import.meta.url,
): Promise<Emulators> {
  const worker = new Worker(emulatorThread, {
    eval: true,
    execArgv: [],
    // The emulators leave much garbage: a smaller nursery keeps the whole process some 20 MB smaller.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
    workerData: { from, host: HOST, ports },
  });
  try {
    const listening = await new Promise<EmulatorPorts>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (message: ThreadMessage) =>
        'ports' in message ? resolve(message.ports) : reject(toError(message.error, ports)),
      );
    });
    const [dynamodb, sqs] = [`http://${HOST}:${listening.dynamodb}`, `http://${HOST}:${listening.sqs}`];
    return {
      endpoints: { dynamodb, sqs, s3: sqs },
      async stop() {
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
