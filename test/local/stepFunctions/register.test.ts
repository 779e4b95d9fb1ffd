import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../../src/local/index.js';
import { loadEngine } from '../../../src/local/stepFunctions/engine.js';
import { createHarness, failure, invoke, single } from './harness.js';

let local: Local;
let harness: ReturnType<typeof createHarness>;
let folder: string;

beforeAll(async () => {
  [local, folder] = await Promise.all([startLocal(), mkdtemp(join(tmpdir(), 'fanfold-asl-'))]);
  harness = createHarness(local);
});
afterAll(() => Promise.all([local.stop(), rm(folder, { recursive: true })]));

describe('stepFunctions.register', () => {
  it('reads a file, fills in its substitutions, and gives the ARN', async () => {
    const path = join(folder, 'greet.asl.json');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder.
    await writeFile(path, JSON.stringify(single({ Type: 'Pass', Result: '${Greeting} ${Count}' })));
    const substitutions = { Greeting: 'say "hello"', Count: 3 };
    const arn = await local.stepFunctions.register('greet', path, { substitutions });
    expect(arn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:greet');
    expect((await harness.ended(await harness.start(arn))).output).toBe('"say \\"hello\\" 3"');
    expect(await local.stepFunctions.register('greet', pathToFileURL(path), { substitutions })).toBe(arn);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a placeholder without a value',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder.
      () => harness.register(single({ Type: 'Pass', Result: '${Who}' })),
      /substitutions\.Who/,
    ],
    [
      'a name that AWS refuses',
      () => local.stepFunctions.register('a b', single({ Type: 'Pass' })),
      /^name: /,
    ],
    [
      'what the validator refuses',
      () => harness.register({ StartAt: 'X', States: { Y: { Type: 'Pass' } } }),
      /^definition: /,
    ],
    [
      'JSONata',
      () => harness.register({ ...single({ Type: 'Pass' }), QueryLanguage: 'JSONata' }),
      /QueryLanguage/,
    ],
    [
      'a resource that is not served',
      () => harness.register(single({ Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync' })),
      /Only\.Resource/,
    ],
    [
      'a pattern that is not served',
      () => harness.register(single({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.sync' })),
      /Only\.Resource/,
    ],
    [
      'a distributed Map',
      () =>
        harness.register(
          single({
            Type: 'Map',
            ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...single({ Type: 'Pass' }) },
          }),
        ),
      /an inline Map/,
    ],
    [
      'a field that would be ignored',
      () =>
        harness.register(
          single({ Type: 'Map', ToleratedFailureCount: 1, ItemProcessor: single({ Type: 'Pass' }) }),
        ),
      /ToleratedFailureCount/,
    ],
    [
      "a state's name used twice",
      () => harness.register(single({ Type: 'Map', ItemProcessor: single({ Type: 'Pass' }) })),
      /used once/,
    ],
  ])('refuses %s', async (_what, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(message),
    });
  });
});

describe('CreateStateMachine', () => {
  const create = (name: string, definition: string) =>
    harness.sfn.send(
      new CreateStateMachineCommand({ name, definition, roleArn: 'arn:aws:iam::000000000000:role/any' }),
    );

  it('registers over the wire, repeatable with the same definition only', async () => {
    const definition = JSON.stringify(single({ Type: 'Pass' }));
    const { stateMachineArn = '' } = await create('wired', definition);
    expect(await create('wired', definition)).toMatchObject({ stateMachineArn });
    expect(await failure(create('wired', JSON.stringify(single({ Type: 'Pass', Result: 1 }))))).toBe(
      'StateMachineAlreadyExists',
    );
    expect((await harness.ended(await harness.start(stateMachineArn, [1]))).output).toBe('[1]');
  });

  it.each(['{', '{}'])('refuses the definition %s', async (definition) => {
    expect(await failure(create('broken', definition))).toBe('InvalidDefinition');
  });
});

describe('loadEngine', () => {
  it('names the package that is missing', async () => {
    await expect(loadEngine(join(folder, 'x.js'))).rejects.toMatchObject({
      code: 'MissingPeer',
      message: 'aws-local-stepfunctions is not installed: run "npm install aws-local-stepfunctions"',
    });
  });

  it("leaves the process's own Promise alone", async () => {
    const before = Object.getOwnPropertyNames(Promise);
    await loadEngine();
    expect(Object.getOwnPropertyNames(Promise)).toEqual(before);
  });
});

describe('stop', () => {
  it('leaves no timer, request or connection behind', async () => {
    const other = await startLocal();
    const own = createHarness(other);
    const { state, receive } = await own.tokenState({ TimeoutSeconds: 3_000, HeartbeatSeconds: 2_000 });
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await own.start(await own.register(single(state)));
    await own.start(await own.register(single({ Type: 'Wait', Seconds: 4_000 })));
    other.lambda.register('slow', () => new Promise(() => {}));
    const retried = { Type: 'Task', Resource: invoke, Parameters: { FunctionName: 'none' } };
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 4_000 }];
    const waits = await own.start(await own.register(single({ ...retried, Retry })));
    await expect.poll(() => own.types(waits)).toContain('TaskFailed');
    await receive();
    await other.stop();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await expect.poll(timers).toBeLessThanOrEqual(before);
    await expect(fetch(other.endpoints.sfn)).rejects.toThrow();
    await expect(other.stepFunctions.register('late', single({ Type: 'Pass' }))).resolves.toBeTypeOf(
      'string',
    );
  });
});
