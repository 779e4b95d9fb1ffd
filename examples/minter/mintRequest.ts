import { NonRetryableError } from 'fanfold';
import { z } from 'zod';

const MAX_IDENTIFIERS = 100;

const notBlank = z
  .string('expected a string')
  .refine((text) => text.trim() !== '', 'expected a string that is not blank');

const isCountAllowed = (count: number): boolean => count >= 1 && count <= MAX_IDENTIFIERS;

/** A direct request. Unknown fields are left out, such as the mark of Step Functions. */
const mintRequestSchema = z.object(
  {
    sourceIdentifiers: z.array(notBlank, 'expected an array of 1 to 100 strings').refine(
      ({ length }) => isCountAllowed(length),
      // Zod would say which of the two it is, and not what is allowed.
      { error: ({ input }) => `expected 1 to 100 identifiers, found ${(input as unknown[]).length}` },
    ),
    jobId: notBlank.optional(),
  },
  'expected an object { sourceIdentifiers, jobId? }',
);

/** What one SQS message says. */
export const mintMessageSchema = z.object({ sourceIdentifier: notBlank, jobId: notBlank.optional() });

export type MintRequest = z.infer<typeof mintRequestSchema>;
export type MintMessage = z.infer<typeof mintMessageSchema>;

/** A request that nothing is minted for. The message names the first field that is wrong and what was expected. */
export class InvalidRequestError extends Error {
  /** Lambda's `errorType`: what a state machine's Retry and Catch see. */
  override readonly name = 'InvalidRequest';
}

/** Checks a direct request as a whole; throws an {@link InvalidRequestError}. */
export function toMintRequest(payload: unknown): MintRequest {
  const { success, data, error } = mintRequestSchema.safeParse(payload);
  if (success) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new InvalidRequestError(`${field === '' ? 'request' : field}: ${issue?.message}`);
}

/** DynamoDB's limit for a partition key, in bytes. */
const MAX_KEY_BYTES = 2_048;

/** An identifier that cannot be a key fails alone, and for good: the others of its request are minted. */
export function expectKey(sourceIdentifier: string): void {
  if (Buffer.byteLength(sourceIdentifier) <= MAX_KEY_BYTES) return;
  throw new NonRetryableError(`sourceIdentifier: expected at most ${MAX_KEY_BYTES} bytes`, {
    code: 'IdentifierTooLong',
  });
}
