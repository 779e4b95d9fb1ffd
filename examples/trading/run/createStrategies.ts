import { once } from 'node:events';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Local } from 'fanfold/local';
import type { Evaluate } from '../strategies/createStrategyWorker.js';
import { type StrategyResult, type StrategyTask, WHOLE } from '../strategies/session.js';

/** What happens to a strategy: its process dies the first `dies` times, it never ends, or it has much to say. */
export interface Fate {
  readonly dies?: number;
  readonly hangs?: boolean;
  readonly bytes?: number;
}

const SYMBOLS = ['AAPL', 'AMZN', 'COST', 'GOOGL', 'JPM', 'MSFT', 'NVDA', 'XOM'];

/** A number from 0 to 1 that depends on the text alone. */
function fraction(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return (hash >>> 0) / 4_294_967_296;
}

/** Splits cents by weight; the first gets what rounding leaves over. */
function split(cents: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map((weight) => Math.floor((cents * weight) / sum));
  const rest = cents - parts.reduce((a, b) => a + b, 0);
  return parts.map((part, position) => (position === 0 ? part + rest : part));
}

/** The signals of a strategy, made up from its name. Pure. */
export function signalsOf(task: StrategyTask, bytes = 0): StrategyResult {
  const { dsl_file, allocation, capital_cents, as_of } = task;
  const first = Math.floor(fraction(dsl_file) * SYMBOLS.length);
  const chosen = [0, 1, 2].map((step) => SYMBOLS[(first + step) % SYMBOLS.length] ?? '');
  const scores = chosen.map((symbol) => fraction(`${dsl_file} ${symbol}`));
  const targets = split(
    Math.floor((capital_cents * allocation) / WHOLE),
    scores.map((score) => 1 + Math.floor(score * 9)),
  );
  return {
    dsl_file,
    allocation,
    consolidated_portfolio: {
      target_cents: Object.fromEntries(chosen.map((symbol, at) => [symbol, targets[at] ?? 0])),
    },
    signals_data: {
      ...Object.fromEntries(chosen.map((symbol, at) => [symbol, { action: 'BUY', score: scores[at] }])),
      ...(bytes === 0 ? {} : { history: 'x'.repeat(bytes) }),
    },
    signal_count: chosen.length,
    success: true,
    data_freshness: { as_of, oldest: as_of, stale: false },
  };
}

/** A stand-in for the strategies' engine, with fates by correlation id and file. */
export function createStrategies(local: Local, s3: S3Client) {
  const fates = new Map<string, Fate>();
  const evaluations = new Map<string, number>();
  const evaluate: Evaluate = async (task, { signal }) => {
    const key = `${task.correlation_id}/${task.dsl_file}`;
    const evaluation = (evaluations.get(key) ?? 0) + 1;
    evaluations.set(key, evaluation);
    const { dies = 0, hangs = false, bytes } = fates.get(key) ?? {};
    if (evaluation <= dies) {
      // The process dies in this call, which only strategies make whose time has come.
      local.faults.next('s3', 'HeadObject', 'killBefore');
      await s3.send(new HeadObjectCommand({ Bucket: 'trading', Key: 'nothing' }));
    }
    if (hangs && !signal.aborted) await once(signal, 'abort');
    return signalsOf(task, bytes);
  };
  return {
    evaluate,
    decide: (correlationId: string, dslFile: string, fate: Fate) =>
      fates.set(`${correlationId}/${dslFile}`, fate),
    /** How often the strategies of a session were evaluated, all in all. */
    evaluationsOf: (correlationId: string) =>
      [...evaluations].reduce(
        (sum, [key, count]) => (key.startsWith(`${correlationId}/`) ? sum + count : sum),
        0,
      ),
  };
}
