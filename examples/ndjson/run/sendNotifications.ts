import type { SQSClient } from '@aws-sdk/client-sqs';
import { publishMessages, throwIfFailed } from 'fanfold';
import { createRandom } from '../../createRandom.js';
import type { SourceFile } from './sourceFile.js';

/** Keys as S3 writes them in its notifications. */
const encodeKey = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');

/** S3's notification of a new object, in the fields that matter here; the emulator of S3 sends none itself. */
export function notificationOf(
  { key, size }: Pick<SourceFile, 'key' | 'size'>,
  bucket: string,
  sequence: number,
) {
  return {
    Records: [
      {
        ...{
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'us-east-1',
          eventName: 'ObjectCreated:Put',
        },
        eventTime: new Date().toISOString(),
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key: encodeKey(key), size, sequencer: sequence.toString(16).padStart(16, '0') },
        },
      },
    ],
  };
}

/** How far a notification may be from its place. */
const DISORDER = 300;

/** Tells of every file twice, out of order. Answers how many messages there are. */
export async function sendNotifications(
  target: { readonly sqs: SQSClient; readonly queueUrl: string; readonly bucket: string },
  files: readonly SourceFile[],
  seed: number,
): Promise<number> {
  const random = createRandom(seed);
  const messages = files.flatMap((file, index) => {
    const body = notificationOf(file, target.bucket, index);
    return [0, 1].map(() => ({ place: index + random() * DISORDER, body }));
  });
  const inDisorder = messages.sort((a, b) => a.place - b.place).map(({ body }) => ({ body }));
  const { sqs: client, queueUrl } = target;
  const { counts } = throwIfFailed(await publishMessages({ client, queueUrl }, inDisorder));
  return counts.published;
}
