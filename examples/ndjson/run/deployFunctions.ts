import { fileURLToPath } from 'node:url';
import { createFunctions, type Deployment, PROCESSING_MS } from '../deploy.js';
import type { Flags } from '../flags.js';
import type { Records } from '../records.js';
import { type Conversions, createConversions } from './createConversions.js';
import { killBuilders } from './killBuilders.js';
import { type Pause, pauseFirstList } from './pauseFirstList.js';
import type { Stage } from './startStage.js';

/** A second of the state machine, in ms: its retries need not be waited for. */
const SECOND_MS = 20;
const TIMEOUT_MS = 120_000;
/** As long as Lambda allows: it is paused until all others are through. */
const PAUSED_TIMEOUT_MS = 900_000;
/** No file gets too old in a run: the last ones are flushed. */
const MAX_AGE_MS = 3_600_000;
const TRACKERS = 8;

export interface Deployed {
  readonly records: Records;
  readonly conversions: Conversions;
  readonly stateMachineArn: string;
  /** Holds the builder `pausedBuilder` before it publishes its list. */
  readonly pause: Pause;
  readonly warnings: readonly string[];
}

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const definition = fileURLToPath(new URL('../convert.asl.json', import.meta.url));

/** Registers functions, job and state machine, and connects the queue, as a deployment would. */
export async function deployFunctions(stage: Stage, flags: Flags, corruptKey: string): Promise<Deployed> {
  const { local, functionSfn: sfn, queueUrl, functionFiles: files, stores, head } = stage;
  const conversions = createConversions(files, corruptKey);
  local.stepFunctions.registerJob('ndjson-to-parquet', conversions.job);
  const stateMachineArn = await local.stepFunctions.register('convert-manifest', definition, {
    substitutions: {
      StatusFunctionArn: arnOf('status'),
      JobName: 'ndjson-to-parquet',
      AlertTopicArn: 'arn:aws:sns:us-east-1:000000000000:alerts',
    },
    secondMs: SECOND_MS,
  });

  const warnings: string[] = [];
  const live: Deployment = {
    ...{ stores, head, files, sfn, lockMs: flags.lockMs, warn: (line: string) => warnings.push(line) },
    stateMachineArn: flags.stateMachine ? stateMachineArn : undefined,
    limits: { maxFiles: flags.maxFiles, maxBytes: flags.maxBytes, maxAgeMs: MAX_AGE_MS },
    watch: killBuilders(local),
  };
  const pause = pauseFirstList();
  const { records, tracker, builder, finisher, statusRecorder } = createFunctions(live);
  const rolledBack = createFunctions({ ...live, stateMachineArn: undefined });
  // Whoever is on call comes later, when leases of executions that died have run out.
  const later = () => Date.now() + PROCESSING_MS;
  const functions = {
    ...{ tracker, builder, finisher, status: statusRecorder },
    rolledBackBuilder: rolledBack.builder,
    operations: createFunctions({ ...live, now: later }).operations,
  };
  for (const [name, handler] of Object.entries(functions)) {
    local.lambda.register(name, handler, { timeoutMs: TIMEOUT_MS });
  }
  const { builder: pausedBuilder } = createFunctions({ ...live, watch: pause.watch });
  local.lambda.register('pausedBuilder', pausedBuilder, { timeoutMs: PAUSED_TIMEOUT_MS });
  await local.mapQueue({ queueUrl, functionName: 'tracker', maximumConcurrency: TRACKERS });
  return { records, conversions, stateMachineArn, pause, warnings };
}
