import { expectFunction, expectInteger, invalidArgument } from '../arguments.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import { type CompareOptions, type Comparison, compareOutcomes } from './compareOutcomes.js';
import { type Outcome, toErrorInfo } from './outcome.js';

/** Which path answers: the old one, the new one, or the old one with the new one beside it. */
export type MigrationMode = 'current' | 'next' | 'shadow';
const modes: readonly MigrationMode[] = ['current', 'next', 'shadow'];

/** What a path is told beside its input. */
export interface PathContext {
  /** Whether nobody trusts what this run does: it must leave no side effects, or leave them where nobody looks. */
  readonly isShadow: boolean;
  /** Aborts when a shadow has taken too long. */
  readonly signal: AbortSignal;
}

/** One way to do the work. */
export type Path<I, T> = (input: I, context: PathContext) => T | PromiseLike<T>;

/** How the two paths compared on one input. */
export interface ShadowReport<T> extends Comparison {
  readonly current: Outcome<T>;
  readonly next: Outcome<T>;
}

/** What `createMigration` takes. */
export interface MigrationOptions<I, T> {
  /** The path that is trusted. */
  readonly current: Path<I, T>;
  /** The path that is to replace it. */
  readonly next: Path<I, T>;
  /** The toggle, asked for each input: read a flag, or choose by the input to migrate a part first. */
  readonly mode: MigrationMode | ((input: I) => MigrationMode | PromiseLike<MigrationMode>);
  /** How the outcomes of a shadow run are compared. @default equal */
  readonly compare?: CompareOptions;
  /** Told of every shadow run; what it throws is ignored. */
  readonly onReport?: (report: ShadowReport<T>, input: I) => unknown;
  /** How long the shadow may take once the current path is done, in ms. @default 5_000 */
  readonly shadowTimeoutMs?: number;
}

const toOutcome = async <T>(run: () => T | PromiseLike<T>): Promise<Outcome<T>> => {
  try {
    return { status: 'succeeded', value: await run() };
  } catch (thrown) {
    return { status: 'failed', error: toErrorInfo(thrown) };
  }
};

/** What the shadow came to, waited for no longer than allowed. */
function waitForShadow<T>(
  shadow: Promise<Outcome<T>>,
  controller: AbortController,
  timeoutMs: number,
): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      controller.abort();
      const message = `the shadow took more than ${timeoutMs} ms longer than the current path`;
      const error = { name: 'TimedOut', message, code: 'TimedOut', retryable: true };
      resolve({ status: 'timedOut', error });
    }, timeoutMs);
    shadow.then((outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

/**
 * Makes one function of an old and a new way to do the same work, for a migration in small steps. `current` and `next`
 * run one path; `shadow` runs both at once, answers with the current one whatever becomes of the other, and reports
 * where they differ.
 *
 * A shadow run costs both paths. Its side effects are real unless the path heeds `isShadow`: write to a table of its own,
 * send nothing. The current path's error is thrown as it is.
 *
 * @throws FanfoldError `InvalidArgument` for a bad option at once, for a mode that is none when it is called.
 * @example
 * ```ts
 * const runSession = createMigration({
 *   current: viaStepFunctions,
 *   next: viaFanIn,
 *   mode: () => readFlag('SESSION_PATH'),
 *   compare: { tolerances: { 'allocation.*': 1e-6 } },
 *   onReport: ({ equal, differences }) => { if (!equal) logger.warn('paths differ', { paths: differences.map(({ path }) => path) }); },
 * });
 * ```
 */
export function createMigration<I, T>(options: MigrationOptions<I, T>): (input: I) => Promise<T> {
  const { current, next, mode, compare = {}, onReport, shadowTimeoutMs = 5_000 } = options;
  expectFunction('current', current);
  expectFunction('next', next);
  if (onReport !== undefined) expectFunction('onReport', onReport);
  expectInteger('shadowTimeoutMs', shadowTimeoutMs, 0, LONGEST_TIMER_MS);
  // Bad tolerances show now, and not with the first shadow run.
  compareOutcomes(undefined, undefined, compare);
  if (typeof mode !== 'function' && !modes.includes(mode))
    throw invalidArgument('mode', `a function or one of ${modes.join(', ')}`, mode);

  return async (input) => {
    const chosen = typeof mode === 'function' ? await mode(input) : mode;
    if (!modes.includes(chosen)) throw invalidArgument('mode', `one of ${modes.join(', ')}`, chosen);
    const trusted = { isShadow: false, signal: new AbortController().signal };
    if (chosen !== 'shadow') return (chosen === 'next' ? next : current)(input, trusted);

    const controller = new AbortController();
    const shadow = toOutcome(() => next(input, { isShadow: true, signal: controller.signal }));
    let value: T | undefined;
    let thrown: { readonly reason: unknown } | undefined;
    const outcome = await toOutcome(async () => {
      try {
        value = await current(input, trusted);
        return value;
      } catch (reason) {
        thrown = { reason };
        throw reason;
      }
    });
    const shadowOutcome = await waitForShadow(shadow, controller, shadowTimeoutMs);
    try {
      const comparison = compareOutcomes(outcome, shadowOutcome, compare);
      await onReport?.({ ...comparison, current: outcome, next: shadowOutcome }, input);
    } catch {
      // The report is about the work, and must not become part of it.
    }
    if (thrown !== undefined) throw thrown.reason;
    return value as T;
  };
}
