import type { LambdaContext } from '../invocation/index.js';

/** What {@link lambdaContext} takes. */
export interface LambdaContextOptions {
  /** How long the function may run from now on, in ms. @default 30_000 */
  readonly timeoutMs?: number;
  /** The current time in ms. @default Date.now */
  readonly now?: () => number;
}

/**
 * A Lambda context whose remaining time really runs out.
 *
 * @example
 * ```ts
 * await handler(event, lambdaContext({ timeoutMs: 2_000 }));
 * ```
 */
export function lambdaContext({
  timeoutMs = 30_000,
  now = Date.now,
}: LambdaContextOptions = {}): Required<LambdaContext> & { readonly awsRequestId: string } {
  const endsAt = now() + timeoutMs;
  return {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => endsAt - now(),
  };
}
