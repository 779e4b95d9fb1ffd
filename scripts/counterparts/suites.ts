/** What a suite runs on, as the columns of the table. */
export const implementations = ['memory', 'embedded', 'moto', 'ElasticMQ'] as const;
export type Implementation = (typeof implementations)[number];

/** The same tests on several implementations. */
export interface Suite {
  readonly name: string;
  readonly file: string;
  /** How the names of its tests begin, by implementation. */
  readonly tests: Partial<Readonly<Record<Implementation, string>>>;
}

function contract(name: string, file: string, Store: string): Suite {
  const onDynamo = `dynamo${Store} obeys the contract`;
  const tests = { memory: `memory${Store} obeys the contract`, embedded: onDynamo, moto: onDynamo };
  return { name: `${name}, contract`, file, tests };
}

function onTheWire(name: string, file: string, tests: string, counterpart: 'moto' | 'ElasticMQ'): Suite {
  return { name, file, tests: { embedded: tests, [counterpart]: tests } };
}

/** Every test of these files belongs to one of these suites. */
export const suites: readonly Suite[] = [
  contract('fan-in store', 'test/aggregation/fanInStore.test.ts', 'FanInStore'),
  contract('job store', 'test/jobs/jobStore.test.ts', 'JobStore'),
  contract('semaphore store', 'test/fanout/semaphoreStore.test.ts', 'SemaphoreStore'),
  contract('budget store', 'test/aggregation/budgetStore.test.ts', 'BudgetStore'),
  onTheWire('fan-in on the wire', 'test/aggregation/fanInOnTheWire.test.ts', 'a fan-in on DynamoDB', 'moto'),
  onTheWire('jobs on the wire', 'test/jobs/jobStore.test.ts', 'jobs on DynamoDB', 'moto'),
  onTheWire('Step Functions', 'test/conformance/stepFunctions.test.ts', 'Step Functions', 'moto'),
  onTheWire('SQS', 'test/conformance/sqs.test.ts', 'SQS', 'ElasticMQ'),
];

/** The files that have tests for an implementation. */
export function filesFor(implementation: Implementation): readonly string[] {
  const files = suites.filter(({ tests }) => tests[implementation] !== undefined).map(({ file }) => file);
  return [...new Set(files)];
}
