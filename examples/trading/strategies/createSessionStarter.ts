import { createWorker, isFanfoldError, type LambdaHandler } from 'fanfold';
import { z } from 'zod';
import type { Conclude } from '../events/createConclude.js';
import { workflowFailed } from './concludeSession.js';
import { sessionSchema } from './session.js';
import { configurationError, type StartSession, workflowIdOf } from './startSession.js';

/** As the function's environment has it. */
export interface SessionEnvironment {
  /** `true` or `false`. @default false */
  readonly USE_STEP_FUNCTIONS?: string | undefined;
}

export interface SessionStarterParts {
  /** Read at every call. */
  readonly environment: SessionEnvironment;
  readonly byInvoke: StartSession;
  readonly byStepFunctions: StartSession;
  readonly conclude: Conclude;
}

/** What names a session; the rest is checked inside, so that what is wrong with it can be told as an event. */
const requestSchema = z.looseObject({ correlation_id: z.string().min(1).max(100) });

/** Which path the environment asks for. @throws NonRetryableError `ConfigurationError` */
export function usesStepFunctions({ USE_STEP_FUNCTIONS: text = 'false' }: SessionEnvironment): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw configurationError(
    `USE_STEP_FUNCTIONS: expected true or false, got ${JSON.stringify(text.slice(0, 20))}`,
  );
}

/** What a session must be. @throws NonRetryableError `ConfigurationError` */
function checkSession(request: unknown) {
  const { success, data, error } = sessionSchema.safeParse(request);
  if (success) return data;
  const [issue] = error.issues;
  throw configurationError(`${issue?.path.join('.')}: ${issue?.message}`);
}

/**
 * The Lambda that starts a session on the path that `USE_STEP_FUNCTIONS` names. A session that cannot start by its
 * configuration ends at once, as `WorkflowFailed`; what may pass (throttling) throws, and can be tried again. IAM: that
 * of both paths, the jobs' `dynamodb:` actions, `events:PutEvents`.
 */
export function createSessionStarter(parts: SessionStarterParts): LambdaHandler {
  const { environment, byInvoke, byStepFunctions, conclude } = parts;
  return createWorker({
    input: requestSchema,
    directFailure: 'throw',
    async process(request) {
      const { correlation_id } = request;
      try {
        const session = checkSession(request);
        const isStepFunctions = usesStepFunctions(environment);
        const execution_id = await (isStepFunctions ? byStepFunctions : byInvoke)(session);
        return { path: isStepFunctions ? 'step-functions' : 'invoke', execution_id };
      } catch (error) {
        if (!isFanfoldError(error, 'ConfigurationError')) throw error;
        const workflowId = workflowIdOf({ correlation_id });
        const failure_reason = `configuration error: ${error.message}`;
        await conclude(workflowId, () => workflowFailed(correlation_id, workflowId, failure_reason));
        return { path: 'none', failure_reason };
      }
    },
  });
}
