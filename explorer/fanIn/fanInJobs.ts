import { type Scenario, scenario } from './scenario.js';

const sweeper = { sweeper: true } as const;

/** The fan-ins that are explored, each the smallest in which its subject can go wrong. */
export const fanInJobs: readonly Scenario[] = [
  // Fixed totals, healed by redeliveries alone.
  scenario('fixed-1', 's'),
  scenario('fixed-2', 'sf'),
  scenario('fixed-3', 'sss', { share: 8 }),
  scenario('fixed-5', 'sssss'),
  scenario('batch-4', 'ssff', { batch: 4, share: 2 }),
  scenario('slow-3', 'ssf', { ticks: [2_000] }),
  scenario('open-2', 'ss', { publishing: 'open' }),
  scenario('open-3', 'sss', { publishing: 'open', workers: 1 }),
  scenario('empty', '', { publishing: 'open' }),
  // Streams.
  scenario('array-3', 'sss', { publishing: 'array', workers: 1 }),
  scenario('stream-2', 'ss', { publishing: 'stream' }),
  scenario('stream-3', 'ssf', { publishing: 'stream', workers: 1 }),
  scenario('stream-refused-2', 'su', { publishing: 'stream', workers: 1 }),
  scenario('array-refused-2', 'us', { publishing: 'array', workers: 1 }),
  scenario('chunks-3', 'sss', { publishing: 'chunks', workers: 1, share: 2 }),
  scenario('chunks-5', 'sssss', { publishing: 'chunks', workers: 1, chunk: 2 }),
  scenario('chunks-tolerance-2', 'ff', {
    publishing: 'chunks',
    open: { toleratedFailureCount: 0 },
  }),
  // Dead letters and outcomes that change their mind.
  scenario('dead-2', 'sd', { maxReceiveCount: 1 }),
  scenario('dead-3', 'sds', { maxReceiveCount: 2, share: 2 }),
  scenario('fickle-2', 'xs', { maxReceiveCount: 2 }),
  scenario('stray-2', 'ss', { strays: [2] }),
  // Results.
  scenario('results-2', 'xs', { storeResults: true, maxReceiveCount: 2 }),
  scenario('results-3', 'sfs', { storeResults: true, share: 2 }),
  // Rules that end a job early.
  scenario('tolerance-3', 'ffs', { open: { toleratedFailureCount: 1 }, share: 2 }),
  scenario('tolerance-5', 'fffss', { open: { toleratedFailurePercentage: 20 } }),
  scenario('enough-3', 'sss', { open: { minSuccessful: 2 } }),
  scenario('enough-5', 'sssss', { open: { minSuccessful: 3 } }),
  // Ends from outside.
  scenario('cancel-2', 'sf', { cancels: true, workers: 1 }),
  scenario('cancel-3', 'sss', { cancels: true, workers: 1 }),
  scenario('cancel-stream-2', 'ss', { cancels: true, publishing: 'stream', workers: 1 }),
  scenario('deadline-2', 'ss', {
    open: { deadlineAt: 500 },
    ticks: [1_500],
    sweeps: 1,
    ...sweeper,
    workers: 1,
  }),
  scenario('deadline-3', 'ssd', {
    open: { deadlineAt: 500 },
    ticks: [1_500],
    maxReceiveCount: 1,
    workers: 1,
    ...sweeper,
  }),
  scenario('deadline-results-2', 'ss', {
    open: { deadlineAt: 500 },
    ticks: [1_500],
    storeResults: true,
    workers: 1,
    sweeps: 1,
    ...sweeper,
  }),
  // Publishers that never come back.
  scenario('orphan-2', 'ss', {
    publishing: 'array',
    publisherReturns: false,
    open: { deadlineAt: 500 },
    ...sweeper,
  }),
  scenario('orphan-stream-2', 'ss', {
    publishing: 'stream',
    publisherReturns: false,
    open: { deadlineAt: 500 },
    workers: 1,
    ...sweeper,
  }),
  scenario('orphan-chunks-3', 'sss', {
    publishing: 'chunks',
    publisherReturns: false,
    open: { deadlineAt: 500 },
    workers: 1,
    ...sweeper,
  }),
  scenario('sweeper-2', 'ss', { workers: 1, sweeps: 1, ticks: [2_000], ...sweeper }),
  // After its time to live.
  scenario('expired-2', 'ss', { ticks: [2_000_000_000], expires: true }),
  scenario('expired-results-2', 'sf', { ticks: [2_000_000_000], expires: true, storeResults: true }),
];
