import type { Flags, Part } from '../flags.js';
import { simulateRuns } from '../simulate/simulateRuns.js';
import { brokenPromises, type Evidence } from './brokenPromises.js';
import type { Result } from './result.js';
import { showFetch } from './showFetch.js';
import { showShadow } from './showShadow.js';
import { showStrategies } from './showStrategies.js';
import { showTrades } from './showTrades.js';

async function gather(flags: Flags, useStepFunctions: string | undefined): Promise<Evidence> {
  const { part, strategies, shadow, plant, trades, fifo, seed, requests } = flags;
  if (shadow) return { shadow: await showShadow(strategies, plant) };
  const isAsked = (one: Part) => part === 'all' || part === one;
  return {
    ...(isAsked('strategies') ? { strategies: await showStrategies({ strategies, useStepFunctions }) } : {}),
    ...(isAsked('trades') ? { trades: await showTrades({ trades, fifo, seed }) } : {}),
    ...(isAsked('fetch') ? { fetch: await showFetch(requests) } : {}),
  };
}

/** Runs the parts that were asked for, one after the other, each on a stage of its own. */
export async function runTrading(flags: Flags, useStepFunctions: string | undefined): Promise<Result> {
  const { simulate, seed } = flags;
  if (simulate !== undefined) return simulateRuns(simulate, seed);
  const evidence = await gather(flags, useStepFunctions);
  return { ...evidence, broken: brokenPromises(evidence) };
}
