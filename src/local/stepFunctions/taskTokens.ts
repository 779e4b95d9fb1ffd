import { randomBytes } from 'node:crypto';
import { FanfoldError } from '../../errors.js';
import { taskError } from './taskError.js';

/** A token while its task waits. */
interface WaitingToken {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly answer: Promise<unknown>;
  timer?: NodeJS.Timeout;
  heartbeatMs?: number;
}

/** The task tokens of all executions. */
export interface TaskTokens {
  issue(): string;
  /** What the token's task is answered; fails by `States.HeartbeatTimeout` when no heartbeat comes for so long. */
  answer(token: string, heartbeatMs: number | undefined): Promise<unknown>;
  /** Ends a token that has not been answered; whoever answers it later hears of it. */
  close(token: string): void;
  /** @throws FanfoldError `InvalidToken` · `TaskDoesNotExist` · `TaskTimedOut` */
  succeed(token: string, output: unknown): void;
  /** @throws FanfoldError `InvalidToken` · `TaskDoesNotExist` · `TaskTimedOut` */
  fail(token: string, error: string | undefined, cause: string | undefined): void;
  /** @throws FanfoldError `InvalidToken` · `TaskDoesNotExist` · `TaskTimedOut` */
  heartbeat(token: string): void;
}

const BYTES = 48;
const shape = /^AQ[\w+/]{64}$/;

/** Issues tokens and takes their answers: the first one counts. */
export function createTaskTokens(): TaskTokens {
  const tokens = new Map<string, WaitingToken | 'closed'>();

  function waiting(token: string): WaitingToken {
    if (!shape.test(token)) throw new FanfoldError('InvalidToken', 'Invalid Token');
    const found = tokens.get(token);
    if (found === undefined) throw new FanfoldError('TaskDoesNotExist', 'Task does not exist');
    if (found === 'closed') {
      throw new FanfoldError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    return found;
  }

  function close(token: string): void {
    const found = tokens.get(token);
    if (found === undefined || found === 'closed') return;
    clearTimeout(found.timer);
    tokens.set(token, 'closed');
  }

  function beat(token: string, found: WaitingToken): void {
    clearTimeout(found.timer);
    if (found.heartbeatMs === undefined) return;
    found.timer = setTimeout(() => {
      close(token);
      found.reject(taskError('States.HeartbeatTimeout'));
    }, found.heartbeatMs);
  }

  return {
    issue() {
      const token = `AQ${randomBytes(BYTES).toString('base64')}`;
      let [resolve, reject]: [WaitingToken['resolve'], WaitingToken['reject']] = [() => {}, () => {}];
      const answer = new Promise<unknown>((fulfil, refuse) => {
        [resolve, reject] = [fulfil, refuse];
      });
      // It can be refused before anyone waits for it.
      answer.catch(() => {});
      tokens.set(token, { resolve, reject, answer });
      return token;
    },
    answer(token, heartbeatMs) {
      const found = waiting(token);
      if (heartbeatMs !== undefined) found.heartbeatMs = heartbeatMs;
      beat(token, found);
      return found.answer;
    },
    close,
    succeed(token, output) {
      const found = waiting(token);
      close(token);
      found.resolve(output);
    },
    fail(token, error = 'States.TaskFailed', cause = '') {
      const found = waiting(token);
      close(token);
      found.reject(taskError(error, cause));
    },
    heartbeat(token) {
      beat(token, waiting(token));
    },
  };
}
