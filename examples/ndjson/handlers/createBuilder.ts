import type { LambdaContext } from 'fanfold';
import { z } from 'zod';
import { type BuildParts, type BuildResult, buildManifest } from '../build/buildManifest.js';
import type { ExecutionInput } from '../manifest.js';
import type { Start, Warn } from '../startManifest.js';

export interface BuilderParts extends BuildParts {
  readonly start: Start;
  readonly warn: Warn;
}

const eventSchema = z.object({ flush: z.boolean().optional() });

/** What one invocation did: the manifests that it settled, and why it built no more of them. */
export interface BuilderAnswer {
  readonly built: readonly string[];
  readonly completed: readonly string[];
  readonly ended: BuildResult['status'];
  /** The token of a lock that was lost. */
  readonly fencingToken?: number;
}

/** The time that one more manifest may take, in ms. */
const ONE_MORE_MS = 20_000;

/**
 * The Lambda that builds manifests while enough files wait, and starts an execution for each: on a schedule, and as
 * often at once as you like. `{ "flush": true }` lists what waits, however little it is. A start that fails
 * is no failure: the finisher finds what was built and never started.
 *
 * IAM: `dynamodb:GetItem`, `BatchGetItem`, `PutItem`, `UpdateItem` on the table and `Query` on its index,
 * `s3:PutObject` on `manifests/*`, `states:StartExecution`, `states:DescribeExecution`.
 */
export function createBuilder({ start, warn, ...parts }: BuilderParts) {
  async function tryToStart(manifestId: string, manifest: ExecutionInput): Promise<void> {
    try {
      await start({ manifestId, attempt: 0 }, manifest);
    } catch (error) {
      warn(`${manifestId} is not started: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  }

  return async (event: unknown, context?: LambdaContext): Promise<BuilderAnswer> => {
    const { flush = false } = eventSchema.parse(event ?? {});
    const [built, completed]: [string[], string[]] = [[], []];
    for (;;) {
      const result = await buildManifest(parts, { flush });
      if (result.status !== 'built' && result.status !== 'completed') {
        const token = result.status === 'lockLost' ? { fencingToken: result.fencingToken } : {};
        return { built, completed, ended: result.status, ...token };
      }
      const { manifest, status } = result;
      (status === 'built' ? built : completed).push(manifest.manifest_id);
      await tryToStart(manifest.manifest_id, manifest);
      const remainingMs = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
      if (remainingMs < ONE_MORE_MS) return { built, completed, ended: status };
    }
  };
}
