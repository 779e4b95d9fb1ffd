import type { Environment } from './process.js';

/** A store whose every call is a yield point. */
export function yielding<S extends object>({ call }: Environment, methods: readonly (keyof S & string)[]): S {
  return Object.fromEntries(
    methods.map((method) => [method, (...args: readonly unknown[]) => call(method, ...args)]),
  ) as S;
}

/** The same for a method that lists: what it finds is found at one moment. */
export async function* yieldingList<T>(
  { call }: Environment,
  method: string,
  ...args: readonly unknown[]
): AsyncGenerator<T> {
  yield* (await call(method, ...args)) as T[];
}
