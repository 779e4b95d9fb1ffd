import type { OpenOptions } from '../../src/aggregation/fanIn.js';

/**
 * How an item behaves: `s` succeeds · `f` fails for good · `d` fails every time, until it is a dead letter ·
 * `x` succeeds when it is first received, and fails for good when it is received again · `u` cannot be published, so
 * that the publisher settles it.
 */
export type ItemPlan = 's' | 'f' | 'd' | 'x' | 'u';

/**
 * Who makes the job: `open` opens it with its total and sends the messages itself · `array` and `stream` are
 * `fanOutToQueue` · `chunks` allocates and sends `chunk` items at a time, then seals · `ready` has the job opened and
 * sent before the exploration begins.
 */
export type Publishing = 'ready' | 'open' | 'array' | 'stream' | 'chunks';

/** One small job and everything that may happen to it. Times are in ms after the start. */
export interface Scenario {
  readonly name: string;
  /** How each item behaves; as many items as letters. */
  readonly plan: string;
  readonly publishing: Publishing;
  /** Limits, and `deadlineAt` in ms after the start. @default no deadline */
  readonly open: Omit<OpenOptions, 'total' | 'maxItems' | 'deadlineAt'> & { readonly deadlineAt?: number };
  readonly storeResults: boolean;
  readonly leafSize: number;
  /** How many messages are worked on at once, by workers and the dead-letter handler together. */
  readonly workers: number;
  /** How many messages one worker is given at once. */
  readonly batch: number;
  /** After so many receives a message is a dead letter; `Infinity` for never. */
  readonly maxReceiveCount: number;
  /** Times to which the clock may jump at any moment. */
  readonly ticks: readonly number[];
  /** Whether somebody cancels the job at some moment. */
  readonly cancels: boolean;
  /** How many sweeps may run at any moment; after that the sweeper runs only when nothing else can. */
  readonly sweeps: number;
  /** Whether the sweeper runs when nothing else can: without it, redeliveries alone must heal. */
  readonly sweeper: boolean;
  /** Whether a publisher that crashed is started again. */
  readonly publisherReturns: boolean;
  /** Messages of indices that were never handed out. */
  readonly strays: readonly number[];
  /** Whether the job's time to live runs out on the way. */
  readonly expires: boolean;
  /** How many items `chunks` allocates at a time. */
  readonly chunk: number;
  /** How much of the time it is given, compared with the others. */
  readonly share: number;
}

const defaults: Omit<Scenario, 'name' | 'plan'> = {
  publishing: 'ready',
  open: {},
  storeResults: false,
  leafSize: 2,
  workers: 2,
  batch: 1,
  maxReceiveCount: Number.POSITIVE_INFINITY,
  ticks: [],
  cancels: false,
  sweeps: 0,
  sweeper: false,
  publisherReturns: true,
  strays: [],
  expires: false,
  chunk: 1,
  share: 1,
};

export function scenario(name: string, plan: string, options: Partial<Scenario> = {}): Scenario {
  return { ...defaults, ...options, name, plan };
}

/** When every exploration begins, in epoch ms. */
export const START = 1_000_000;
export const LEASE_MS = 1_000;
export const TTL_SECONDS = 1_000_000;
export const JOB = 'job';
