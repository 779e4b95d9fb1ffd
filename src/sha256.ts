// Renamed, because bundles for Lambda often begin with a banner that declares `createRequire`.
import { createRequire as requireFrom } from 'node:module';

/**
 * SHA-256 in hexadecimal digits. `node:crypto` is loaded here and not at the top of a file: loading it is most of what
 * importing fanfold would cost a cold start, and few jobs ever hash anything.
 */
export function sha256(data: string | Uint8Array): string {
  const { createHash }: typeof import('node:crypto') = requireFrom('/')('node:crypto');
  return createHash('sha256').update(data).digest('hex');
}
