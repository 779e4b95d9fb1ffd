/** The times of a run: short, so that what takes minutes in production takes seconds here. */
export const limits = {
  visibilityTimeoutSeconds: 1,
  maxReceiveCount: 3,
  /** How long a delivery may take before another process may try. */
  leaseMs: 800,
  /** Of an abandoned job, from the start of the run. */
  deadlineMs: 4_000,
  sweepEveryMs: 1_000,
  /** Small, so that a few hundred items make a tree with levels. */
  leafSize: 16,
  workers: 3,
  /** How long each call takes each way, at the least: the window between a write and its reply is real. */
  wireMs: 3,
  /** The same for the publisher's calls to SQS. */
  publishWireMs: 12,
  /** How long an invocation of a handler may take. */
  invocationMs: 5_000,
  /** A run that has not ended by then never will: ten times what it takes, because the machine may be busy. */
  runMs: 120_000,
} as const;
