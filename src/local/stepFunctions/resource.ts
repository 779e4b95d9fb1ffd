/** How a task's resource is called and waited for. */
export type Pattern = 'requestResponse' | 'sync' | 'sync:2' | 'waitForTaskToken';

/** A task's resource, taken apart. */
export interface Resource {
  /** `lambda`, `sqs`, …; `function` for the ARN of a Lambda function itself. */
  readonly service: string;
  /** `invoke`, `sendMessage`, …; the function's name for the ARN of one. */
  readonly action: string;
  readonly pattern: Pattern;
}

const tokens: readonly Pattern[] = ['requestResponse', 'waitForTaskToken'];
const once: readonly Pattern[] = ['requestResponse'];

/** What is served, and in which ways. */
const served: Readonly<Record<string, readonly Pattern[]>> = {
  'lambda:invoke': tokens,
  'sqs:sendMessage': tokens,
  'sns:publish': tokens,
  'events:putEvents': tokens,
  'dynamodb:getItem': once,
  'dynamodb:putItem': once,
  'dynamodb:updateItem': once,
  'dynamodb:deleteItem': once,
  'states:startExecution': ['requestResponse', 'sync', 'sync:2', 'waitForTaskToken'],
  'glue:startJobRun': ['requestResponse', 'sync'],
};

/** The resources that a task may name. */
export const servedResources: readonly string[] = Object.entries(served).flatMap(([name, patterns]) =>
  patterns.map((pattern) => (pattern === 'requestResponse' ? name : `${name}.${pattern}`)),
);

/** A function's name from its name or its ARN, with or without a version or an alias. */
export function functionName(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn.split(':')[0] ?? nameOrArn;
}

/** Takes a resource ARN apart; `undefined` for one that is not served here. */
export function parseResource(arn: unknown): Resource | undefined {
  if (typeof arn !== 'string') return undefined;
  if (/^arn:[\w-]+:lambda:[^:]*:[^:]*:function:/.test(arn)) {
    return { service: 'function', action: functionName(arn), pattern: 'requestResponse' };
  }
  const [, service = '', action = '', suffix = 'requestResponse'] =
    /^arn:[\w-]+:states:[^:]*:[^:]*:(\w+):(\w+)(?:\.(waitForTaskToken|sync|sync:2))?$/.exec(arn) ?? [];
  const pattern = served[`${service}:${action}`]?.find((candidate) => candidate === suffix);
  return pattern === undefined ? undefined : { service, action, pattern };
}
