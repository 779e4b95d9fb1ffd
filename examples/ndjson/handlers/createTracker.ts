import { createWorker, type LambdaHandler, NonRetryableError } from 'fanfold';
import { fileId } from '../fileId.js';
import { filesOf, type Notification, notificationSchema } from '../notification.js';
import type { Records } from '../records.js';

export interface TrackerParts {
  readonly records: Pick<Records, 'files'>;
  /** The bucket that the files come in by. */
  readonly bucket: string;
}

/**
 * The Lambda behind the notifications: each new file becomes a job record, once, however often and in whatever order S3
 * tells of it. A record that is there is never reset. What cannot be read ends in the dead-letter queue.
 *
 * IAM: `dynamodb:PutItem`, `GetItem` on the table, and the receiving actions on the queue.
 */
export function createTracker({ records, bucket: expected }: TrackerParts): LambdaHandler {
  async function track(notification: Notification): Promise<void> {
    for (const file of filesOf(notification)) {
      if (file.bucket !== expected) {
        throw new NonRetryableError(`s3.bucket.name: expected ${expected}, got ${file.bucket}`);
      }
      await records.files.create(fileId(file), { input: file });
    }
  }
  return createWorker({ input: notificationSchema, process: track });
}
