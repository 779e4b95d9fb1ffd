/** The most KB that a bundle may weigh, minified and gzipped. */
export interface Budget {
  /** What CI holds it to. */
  readonly kb: number;
  /** What it should come to, where it does not yet. @default kb */
  readonly target?: number;
}

export const entryBudgets: Readonly<Record<string, Budget>> = {
  fanfold: { kb: 42, target: 15 },
  'fanfold/fanout': { kb: 14.7 },
  'fanfold/jobs': { kb: 8.2 },
  'fanfold/invocation': { kb: 9.2 },
  'fanfold/aggregation': { kb: 20.5, target: 15 },
  'fanfold/local': { kb: 40 },
  'fanfold/testing': { kb: 3.6 },
};

/** By the names that are imported together. */
export const primitiveBudgets: Readonly<Record<string, Budget>> = {
  'createWorker, createFanIn': { kb: 17, target: 10 },
  fanOut: { kb: 4.0, target: 3 },
  createDeadLetterHandler: { kb: 3.0 },
  detectInvocation: { kb: 1.2 },
  createWorker: { kb: 9.0 },
  publishMessages: { kb: 7.3 },
  fanOutToQueue: { kb: 8.5 },
  startExecution: { kb: 1.9 },
  executionName: { kb: 0.8 },
  createSemaphore: { kb: 2.3 },
  dynamoSemaphoreStore: { kb: 2.8 },
  retry: { kb: 1.7 },
  pack: { kb: 1.0 },
  toEnvelope: { kb: 0.8 },
  createFanIn: { kb: 9.6 },
  dynamoFanInStore: { kb: 5.0 },
  createSweeper: { kb: 0.7 },
  sendToQueue: { kb: 1.0 },
  completeTaskWith: { kb: 1.8 },
  startExecutionWith: { kb: 2.1 },
  completeTask: { kb: 1.4 },
  createBudget: { kb: 1.9 },
  compareOutcomes: { kb: 1.5 },
  createMigration: { kb: 2.2 },
  s3ClaimCheck: { kb: 1.0 },
  toBatchItemFailures: { kb: 0.5 },
  toResponse: { kb: 0.7 },
  throwIfFailed: { kb: 0.5 },
  createJobs: { kb: 4.8 },
  dynamoJobStore: { kb: 3.6 },
  tableDefinition: { kb: 0.4 },
};
