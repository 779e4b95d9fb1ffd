import { z } from 'zod';

/** An object that S3 told of. */
export interface SeenFile {
  readonly bucket: string;
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

const SUFFIX = '.ndjson';

const recordSchema = z.object({
  eventName: z.string(),
  s3: z.object({
    bucket: z.object({
      name: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket'),
    }),
    object: z.object({
      key: z.string().min(1),
      // Deletions have none.
      size: z.number().int().nonnegative().optional(),
    }),
  }),
});

/** The body of an SQS message from S3: records, or the message by which S3 tries out a new configuration. */
export const notificationSchema = z.union([
  z.object({ Records: z.array(recordSchema) }),
  z.object({ Event: z.literal('s3:TestEvent') }).transform(() => ({ Records: [] })),
]);
export type Notification = z.infer<typeof notificationSchema>;

/** S3 encodes keys as a form does: a space is `+`. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (cause) {
    throw new TypeError(
      `s3.object.key: expected a URL-encoded key, got ${JSON.stringify(encoded.slice(0, 100))}`,
      {
        cause,
      },
    );
  }
}

/** The new `.ndjson` files that a notification tells of; what else happens in the bucket is none of ours. */
export function filesOf({ Records }: Notification): SeenFile[] {
  return Records.flatMap(({ eventName, s3: { bucket, object } }) => {
    if (!/^(s3:)?ObjectCreated:/.test(eventName)) return [];
    const key = decodeKey(object.key);
    return key.endsWith(SUFFIX) ? [{ bucket: bucket.name, key, size: object.size ?? 0 }] : [];
  });
}
