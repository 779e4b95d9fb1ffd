import type { TradingEvent } from '../events/tradingEvent.js';
import type { DeployedSessions } from './deploySessions.js';
import type { SessionReport } from './result.js';
import { makeSession, type Scenario, scenarios } from './sessions.js';
import type { Stage } from './startStage.js';
import { waitFor } from './waitFor.js';

/** By which path, and which value of the environment asks for it. */
export const paths = { invoke: 'false', 'step-functions': 'true' } as const;
export type PathName = keyof typeof paths;

const ends = ['SignalGenerated', 'WorkflowFailed'] as const satisfies readonly TradingEvent['detailType'][];

interface Started {
  readonly scenario: Scenario;
  readonly path: PathName;
  readonly correlationId: string;
  readonly answeredPath: string;
}

const slug = (text: string) => text.replaceAll(' ', '-');

async function start(
  { local }: Stage,
  { environment, strategies }: DeployedSessions,
  scenario: Scenario,
  path: PathName,
  count: number,
): Promise<Started> {
  const correlationId = `${path}-${slug(scenario.name)}`;
  const session = makeSession(correlationId, count);
  for (const { dsl_file } of session.strategies.slice(0, scenario.struck))
    strategies.decide(correlationId, dsl_file, scenario.fate);
  environment.USE_STEP_FUNCTIONS = paths[path];
  const request = { ...session, ...scenario.change };
  const answer = (await local.lambda.invoke(scenario.starter ?? 'startSession', request)) as {
    path: string;
  };
  return { scenario, path, correlationId, answeredPath: answer.path };
}

/** How many strategies a session's signals are of, also where they lie elsewhere. */
async function signalsIn({ stores }: Stage, detail: object | undefined): Promise<number> {
  const { signals_data = {} } = (detail ?? {}) as { signals_data?: Record<string, unknown> };
  const { claim_check_key: key } = signals_data;
  const signals = typeof key === 'string' ? JSON.parse(await stores.claimCheck.get(key)) : signals_data;
  return Object.keys(signals).length;
}

async function report(stage: Stage, deployed: DeployedSessions, started: Started): Promise<SessionReport> {
  const { log, aggregations, strategies } = deployed;
  const { scenario, path, correlationId, answeredPath } = started;
  const [signal, failed] = ends.map((end) => log.countsOf(correlationId, end));
  const detail = log.effectOf(correlationId, 'SignalGenerated')?.detail;
  const failure = log.effectOf(correlationId, 'WorkflowFailed')?.detail;
  return {
    ...{ scenario: scenario.name, path, startedBy: answeredPath },
    signalGenerated: signal?.put ?? 0,
    workflowFailed: failed?.put ?? 0,
    effects: (signal?.effects ?? 0) + (failed?.effects ?? 0),
    aggregations: aggregations.get(correlationId) ?? 0,
    evaluations: strategies.evaluationsOf(correlationId),
    strategiesInSignals: await signalsIn(stage, detail),
    ...(failure === undefined ? {} : { failureReason: String(failure.failure_reason) }),
  };
}

/** Runs every scenario by both paths, all at once, to the end of each. */
export async function runSessions(
  stage: Stage,
  deployed: DeployedSessions,
  count: number,
): Promise<SessionReport[]> {
  const started: Started[] = [];
  for (const path of Object.keys(paths) as PathName[]) {
    for (const scenario of scenarios.filter(({ only = path }) => only === path))
      started.push(await start(stage, deployed, scenario, path, count));
  }
  await waitFor('every session ends with an event', async () => {
    await stage.local.lambda.invoke('sweeper');
    return started.every(({ correlationId }) =>
      ends.some((end) => deployed.log.effectOf(correlationId, end) !== undefined),
    );
  });
  return Promise.all(started.map((one) => report(stage, deployed, one)));
}
