import { setTimeout as pause } from 'node:timers/promises';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { LambdaHandler } from 'fanfold';
import { identifiers } from './showDirect.js';
import type { Stage } from './startStage.js';

/** A second of a state machine, in ms: its retries need not be waited for, and its 60 s outlast a busy machine. */
const SECOND_MS = 50;
const LIMIT_MS = 60_000;
const POLL_MS = 10;

interface BatchResult {
  readonly status: 'minted' | 'failed';
  readonly successes?: readonly unknown[];
  readonly failures?: readonly unknown[];
  readonly error?: string;
}

async function execute({ sfn }: Stage, stateMachineArn: string, input: unknown): Promise<unknown> {
  const start = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn } = await sfn.send(start);
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await pause(POLL_MS)) {
    const { status, output, error } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return JSON.parse(output ?? 'null');
    if (status !== 'RUNNING') throw new Error(`the execution ended as ${status}: ${error}`);
  }
  throw new Error(`the execution did not end within ${LIMIT_MS} ms`);
}

/** The minter during an outage: `recovers` fails twice, `outage` always. Counts calls, and how many ran at once. */
function withOutage(direct: LambdaHandler) {
  const calls = new Map<string, number>();
  const seen = { mostAtOnce: 0, calls };
  let running = 0;
  const handler: LambdaHandler = async (event, context) => {
    const { sourceIdentifiers } = event as { readonly sourceIdentifiers: readonly string[] };
    const [kind = ''] = sourceIdentifiers[0]?.split('/') ?? [];
    const call = (calls.get(kind) ?? 0) + 1;
    calls.set(kind, call);
    running += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, running);
    try {
      if (kind === 'outage' || (kind === 'recovers' && call <= 2)) throw new Error('the registry is away');
      return await direct(event, context);
    } finally {
      running -= 1;
    }
  };
  return { handler, seen };
}

/** Runs the state machines: which Choice notices what, and what becomes of batches that fail. */
export async function showStateMachines(stage: Stage) {
  const { local, direct } = stage;
  const register = (file: string, MinterFunctionArn: string) =>
    local.stepFunctions.register(file, new URL(`../${file}.asl.json`, import.meta.url), {
      substitutions: { MinterFunctionArn },
      secondMs: SECOND_MS,
    });
  const { handler, seen } = withOutage(direct);
  local.lambda.register('minterInOutage', handler, { timeoutMs: 30_000 });
  const [mint, both, batches] = [
    await register('mint', 'minter'),
    await register('both-choices', 'minter'),
    await register('batches', 'minterInOutage'),
  ];
  const verdict = async (sourceIdentifiers: unknown) =>
    ((await execute(stage, mint, { sourceIdentifiers })) as { readonly verdict: string }).verdict;
  const good = identifiers('choice', 3);
  const bad = [...good, 'unknown/b3'];
  const input = [
    ...Array.from({ length: 9 }, (_, index) => identifiers(`batch-${index}`, 10)),
    ['partly/b1', 'unknown/b4'],
    ['recovers/b1'],
    ['outage/b1'],
    [''],
  ];
  const { results } = (await execute(stage, batches, { batches: input })) as {
    readonly results: readonly BatchResult[];
  };
  return {
    choices: {
      noneFailed: await execute(stage, both, { sourceIdentifiers: good }),
      oneFailed: await execute(stage, both, { sourceIdentifiers: bad }),
    },
    verdicts: { good: await verdict(good), bad: await verdict(bad), invalid: await verdict([]) },
    batches: {
      batches: input.length,
      minted: results.filter(({ status }) => status === 'minted').length,
      failed: results.flatMap(({ status, error }) => (status === 'failed' ? [error ?? ''] : [])),
      partlyMinted: results.filter(({ failures = [] }) => failures.length > 0).length,
      mostAtOnce: seen.mostAtOnce,
      calls: {
        recovers: seen.calls.get('recovers') ?? 0,
        outage: seen.calls.get('outage') ?? 0,
        invalid: seen.calls.get('') ?? 0,
      },
    },
  };
}
