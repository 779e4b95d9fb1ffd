import { Agent } from 'node:http';
import { expectInteger } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { loadDynamoDB, loadSQS } from '../peers.js';
import { clientConfig, type LocalClientConfig } from './clientConfig.js';
import { startEmulators } from './emulators.js';
import type { RunningMapping } from './eventSourceMapping.js';
import { createEvents, type LocalEvents } from './events/createEvents.js';
import { startEventsFront } from './events/front.js';
import { createFaultLayer } from './faultLayer.js';
import { createFaultPlan, type FaultOptions, type Faults } from './faults.js';
import { createDeadLayer, createInvocationScopes } from './invocationScope.js';
import { startLambdaFront } from './lambdaFront.js';
import { createLambdaRunner, type LambdaRunner } from './lambdaRunner.js';
import type { QueueMappingOptions } from './mappingOptions.js';
import { mapQueue } from './mapQueue.js';
import { type CallLabel, createMeter, type Meter } from './meter.js';
import { once } from './once.js';
import { type CreatedQueue, createQueue, type QueueDepth, type QueueOptions, queueDepth } from './queues.js';
import { createStepFunctions, type StepFunctions } from './stepFunctions/createStepFunctions.js';
import { startStepFunctionsFront } from './stepFunctions/front.js';
import type { LocalService, WireLayer } from './wire.js';

export interface LocalOptions {
  /** The ports to listen on, on 127.0.0.1; SQS and S3 share one. @default free ports */
  readonly ports?: {
    readonly dynamodb?: number;
    readonly sqs?: number;
    readonly lambda?: number;
    readonly sfn?: number;
    readonly events?: number;
  };
  /** How many functions may run at once, all in all. @default 1_000 */
  readonly concurrency?: number;
  /** How often a client made from `clientConfig` tries a call. @default 3 */
  readonly maxAttempts?: number;
  /** What goes wrong between clients and servers, and how often. @default nothing */
  readonly faults?: FaultOptions;
  /** Sorts the write units of DynamoDB for `meter.dynamodb.writeUnitsByLabel`. */
  readonly label?: CallLabel;
}

/** AWS on loopback, as {@link startLocal} started it. */
export interface Local {
  readonly endpoints: Readonly<Record<LocalService, string>>;
  /** A ready configuration for `DynamoDBClient`, `SQSClient`, `S3Client`, `LambdaClient`, `SFNClient` or `EventBridgeClient`; `faults: false` leaves it undisturbed. */
  clientConfig(service: LocalService, options?: { readonly faults?: boolean }): LocalClientConfig;
  readonly lambda: LambdaRunner;
  readonly stepFunctions: StepFunctions;
  readonly events: LocalEvents;
  readonly faults: Faults;
  /** What the clients and the mappings have consumed. */
  readonly meter: Meter;
  /** Creates a queue, and its dead-letter queue where `maxReceiveCount` is given. */
  createQueue(name: string, options?: QueueOptions): Promise<CreatedQueue>;
  /** How many messages a queue holds. Not metered. */
  queueDepth(queueUrl: string): Promise<QueueDepth>;
  /** Connects a queue to a function that is registered, as an event source mapping does. */
  mapQueue(options: QueueMappingOptions): Promise<RunningMapping>;
  /**
   * Ends everything at once: invocations under way are abandoned (their callers get `AlreadyStopped`, their code runs
   * on without reaching AWS), whatever the servers held is gone. A second stop is an error, `AlreadyStopped`.
   */
  stop(): Promise<void>;
}

/** Enough for calls in parallel; a connection for each of 400 functions costs more than a short wait for one. */
const MAX_SOCKETS = 128;

/**
 * Starts what a workflow needs, in this process and on loopback: DynamoDB (`dynalite`), SQS and S3 (`fauxqs`), both
 * optional peers, a Lambda runner behind the real `Invoke` API, the SQS event source mapping, Step Functions (on the
 * engine of `aws-local-stepfunctions`, an optional peer that is loaded for the first state machine), EventBridge's
 * `PutEvents` with rules, and fault injection. Delivery is as on AWS: at least once. Nothing is kept when it stops.
 *
 * @throws FanfoldError `InvalidArgument` · `PortInUse` · `MissingPeer` for an emulator that is not installed.
 * @example
 * ```ts
 * const local = await startLocal();
 * const { queueUrl } = await local.createQueue('books', { maxReceiveCount: 3 });
 * local.lambda.register('worker', handler, { timeoutMs: 10_000, concurrency: 400 });
 * await local.mapQueue({ queueUrl, functionName: 'worker', batchSize: 1 });
 * const sqs = new SQSClient(local.clientConfig('sqs'));
 * await local.stop();
 * ```
 */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const { dynamodb = 0, sqs = 0, lambda = 0, sfn = 0, events: eventsPort = 0 } = options.ports ?? {};
  const { concurrency = 1_000, maxAttempts = 3 } = options;
  expectInteger('ports.dynamodb', dynamodb, 0, 65_535);
  expectInteger('ports.sqs', sqs, 0, 65_535);
  expectInteger('ports.lambda', lambda, 0, 65_535);
  expectInteger('ports.sfn', sfn, 0, 65_535);
  expectInteger('ports.events', eventsPort, 0, 65_535);
  expectInteger('concurrency', concurrency, 1);
  expectInteger('maxAttempts', maxAttempts, 1);
  const plan = createFaultPlan(options.faults);
  const { meter, layer: meterLayer } = createMeter(options.label);
  const now = Date.now;
  const scopes = createInvocationScopes();
  const runner = createLambdaRunner({ concurrency, scopes, now });
  // One client of each for all that state machines and rules send.
  const sendTo = {
    sqs: once(() => sqsClient(meterLayer)),
    dynamodb: once(async () => new (await loadDynamoDB()).DynamoDBClient(config('dynamodb', [meterLayer]))),
  };
  const events = createEvents({ runner, plan, sqs: sendTo.sqs, now });
  const stepFunctions = createStepFunctions({
    putEvents: events.putEvents,
    runner,
    now,
    ...sendTo,
  });
  const lambdaFront = await startLambdaFront(runner, lambda);
  const servers: { stop(): Promise<void> }[] = [lambdaFront];
  const stopping = async (error: unknown): Promise<never> => {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  };
  const sfnFront = await startStepFunctionsFront(stepFunctions.operations, sfn).catch(stopping);
  servers.push(sfnFront);
  const eventsFront = await startEventsFront(events, eventsPort).catch(stopping);
  servers.push(eventsFront);
  const emulators = await startEmulators({ dynamodb, sqs }).catch(stopping);
  servers.push(emulators);
  const fronts = { lambda: lambdaFront.endpoint, sfn: sfnFront.endpoint, events: eventsFront.endpoint };
  const endpoints = { ...emulators.endpoints, ...fronts };
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const config = (service: LocalService, layers: readonly WireLayer[]) =>
    clientConfig(service, { endpoint: endpoints[service], agent, maxAttempts, layers });
  const [deadLayer, faultLayer] = [createDeadLayer(scopes), createFaultLayer(plan, scopes)];
  const sqsClient = async (...layers: WireLayer[]) => new (await loadSQS()).SQSClient(config('sqs', layers));
  const mappings: RunningMapping[] = [];
  let stopped = false;
  const expectRunning = () => {
    if (stopped) throw new FanfoldError('AlreadyStopped', 'these local servers have been stopped');
  };

  return {
    endpoints,
    lambda: runner,
    stepFunctions,
    events,
    faults: plan,
    meter,
    clientConfig: (service, { faults = true } = {}) =>
      config(service, faults ? [deadLayer, faultLayer, meterLayer] : [deadLayer, meterLayer]),
    createQueue: async (name, settings) => createQueue(await sqsClient(), name, settings),
    queueDepth: async (queueUrl) => queueDepth(await sqsClient(), queueUrl),
    async mapQueue(settings) {
      expectRunning();
      const clients = { control: await sqsClient(), client: await sqsClient(meterLayer) };
      const mapping = await mapQueue({ ...clients, runner, plan, now }, settings);
      mappings.push(mapping);
      if (stopped) mapping.stop();
      expectRunning();
      return mapping;
    },
    async stop() {
      expectRunning();
      stopped = true;
      for (const mapping of mappings) mapping.stop();
      stepFunctions.stop();
      runner.stop();
      agent.destroy();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
