import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { missingPeer } from '../../peers.js';

/** Any object of the Amazon States Language, as JSON gives it. */
export type AslObject = Readonly<Record<string, unknown>>;

/** What the engine says of a run while it runs; the parts that are read here. */
export interface EngineEvent {
  readonly type: string;
  readonly timestamp: number;
  readonly state?: {
    readonly name: string;
    readonly type: string;
    readonly input?: unknown;
    readonly output?: unknown;
  };
  readonly parentState?: { readonly name: string };
  readonly index?: number;
  readonly Error?: string;
  readonly Cause?: unknown;
}

export interface EngineRun {
  abort(): void;
  readonly result: Promise<unknown>;
  readonly eventLogs: AsyncIterable<EngineEvent>;
}

export interface EngineRunOptions {
  readonly context: object;
  readonly overrides: {
    readonly taskResourceLocalHandlers: Readonly<Record<string, (input: unknown) => Promise<unknown>>>;
  };
}

/** The parts of `aws-local-stepfunctions` that are used here. */
export interface Engine {
  readonly StateMachine: new (
    definition: AslObject,
    options?: { readonly validationOptions?: { readonly noValidate?: boolean } },
  ) => { run(input: unknown, options: EngineRunOptions): EngineRun };
}

const PACKAGE = 'aws-local-stepfunctions';

/** `Promise` as the engine wants it: Node 20 has no `withResolvers`, and the process's own one is left alone. */
function enginePromise(): PromiseConstructor {
  if ('withResolvers' in Promise) return Promise;
  const withResolvers = () => {
    const parts: { resolve?: unknown; reject?: unknown } = {};
    const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
    return { promise, ...parts };
  };
  return new Proxy(Promise, {
    get(target, key) {
      if (key === 'withResolvers') return withResolvers;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * Loads the engine by hand, for two reasons: it gets a `Promise` of its own, and it does not get the AWS SDK, which it
 * would call for a task that is not answered here (and which takes longer to load than everything else together).
 *
 * @param from The file whose packages it is looked up from.
 * @throws FanfoldError `MissingPeer`
 */
export async function loadEngine(
  // The CommonJS build has no import.meta, the other one no __filename.
  from: string = typeof __filename === 'string' ? __filename : import.meta.url,
): Promise<Engine> {
  try {
    const filename = createRequire(from).resolve(PACKAGE);
    const requireFrom = createRequire(filename);
    const requireWithoutSdk = (name: string): unknown =>
      name.startsWith('@aws-sdk/') ? {} : requireFrom(name);
    const module: { exports: unknown } = { exports: {} };
    const source = await readFile(filename, 'utf8');
    const names = ['exports', 'require', 'module', 'Promise'];
    compileFunction(source, names, { filename })(module.exports, requireWithoutSdk, module, enginePromise());
    return module.exports as Engine;
  } catch (error) {
    return missingPeer(PACKAGE)(error);
  }
}
