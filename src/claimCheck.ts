import { invalidArgument } from './arguments.js';
import { type AwsClient, expectClient, loadS3 } from './peers.js';

/** Where results go that are too large for the table; the table keeps the key. Also handed to `createJobs`. */
export interface ClaimCheck {
  put(key: string, text: string): Promise<unknown>;
  get(key: string): Promise<string>;
}

export interface S3ClaimCheckOptions {
  /** An `S3Client`. */
  readonly client: AwsClient;
  readonly bucket: string;
  /** Put before every key. @default 'fanfold/' */
  readonly prefix?: string;
}

/**
 * A claim-check store on S3, for results over 256 KiB. Objects are written before the table points to them, and never
 * deleted: give the prefix a lifecycle rule that outlives the fan-in. A repeated delivery can leave an object that
 * nothing points to.
 *
 * AWS calls and IAM actions: `s3:PutObject`, `s3:GetObject` on the bucket.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service or a missing bucket · `MissingPeer`.
 * @example
 * ```ts
 * createFanIn({ store, storeResults: true, claimCheck: s3ClaimCheck({ client: new S3Client({}), bucket: 'results' }) });
 * ```
 */
export function s3ClaimCheck({ client, bucket, prefix = 'fanfold/' }: S3ClaimCheckOptions): ClaimCheck {
  const s3 = expectClient('client', client, 'S3');
  if (typeof bucket !== 'string' || bucket === '')
    throw invalidArgument('bucket', 'the name of a bucket', bucket);
  if (typeof prefix !== 'string') throw invalidArgument('prefix', 'a string', prefix);
  return {
    async put(key, text) {
      const { PutObjectCommand } = await loadS3();
      const object = { Bucket: bucket, Key: prefix + key, Body: text, ContentType: 'application/json' };
      await s3.send(new PutObjectCommand(object));
    },
    async get(key) {
      const { GetObjectCommand } = await loadS3();
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
      return Body === undefined ? '' : Body.transformToString();
    },
  };
}
