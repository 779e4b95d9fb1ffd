import { invalidArgument } from '../arguments.js';
import { sha256 } from '../sha256.js';

const MAX_NAME_LENGTH = 80;
const HASH_LENGTH = 20;
const MARK = '--';

/** Step Functions takes a few more characters, but CloudWatch Logs, metrics and many a tool do not. */
const LEGAL = /^[A-Za-z0-9_-]{1,80}$/;
const DERIVED = /--[0-9a-f]{20}$/;

/**
 * A legal name for a Step Functions execution, always the same for the same id: an id of at most 80 letters, digits,
 * hyphens and underscores is its own name; any other keeps its readable beginning and gets a hash of the whole, so
 * that two ids never share a name. `startExecution` names executions so.
 *
 * @throws FanfoldError `InvalidArgument` for what is not a string, or empty.
 * @example
 * ```ts
 * executionName('import-7'); // 'import-7'
 * executionName('2026/11/21 manifest.json'); // '2026-11-21-manifest-json--' and 20 hexadecimal digits
 * ```
 */
export function executionName(id: string): string {
  if (typeof id !== 'string' || id === '') throw invalidArgument('name', 'a string that is not empty', id);
  // An id that looks like a derived name is hashed too, or it could be the name of another id.
  if (LEGAL.test(id) && !DERIVED.test(id)) return id;
  // As UTF-16: in UTF-8 every lone surrogate would be the same character.
  const hash = sha256(Buffer.from(id, 'utf16le')).slice(0, HASH_LENGTH);
  const room = MAX_NAME_LENGTH - MARK.length - HASH_LENGTH;
  const readable = id
    .slice(0, room)
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${readable || 'execution'}${MARK}${hash}`;
}
