import { FanfoldError } from '../errors.js';

/**
 * The source of the items threw while it was read. Everything that had been read is accounted for in `result`, which
 * has the shape that the call would have resolved with; `cause` is what the source threw. Recognise it by its code:
 * `isFanfoldError(error, 'SourceFailed')`.
 */
export class SourceFailedError<R> extends FanfoldError {
  override readonly name = 'SourceFailedError';
  /** What became of the items that were read before. */
  readonly result: R;

  constructor(cause: unknown, result: R) {
    super('SourceFailed', 'the source of the items threw: see cause, and result for what was read before', {
      cause,
    });
    this.result = result;
  }
}
