import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Dashboard } from './dashboard/dashboard.js';

/** Where a job stands, as `status.json` beside its files says it. */
export type JobStatus =
  | { readonly state: 'uploaded' | 'processing' }
  | { readonly state: 'completed'; readonly deliveryId: string }
  | { readonly state: 'failed'; readonly reason: string };

/** A job's files in one bucket, under its id. */
export interface JobFiles {
  readonly bucket: string;
  csvKey(id: string): string;
  uploadCsv(id: string, csv: AsyncIterable<Uint8Array>, bytes: number): Promise<void>;
  openCsv(id: string): Promise<AsyncIterable<Uint8Array>>;
  writeStatus(id: string, status: JobStatus): Promise<void>;
  readStatus(id: string): Promise<JobStatus | undefined>;
  writeDashboard(id: string, dashboard: Dashboard): Promise<void>;
  readDashboard(id: string): Promise<Dashboard>;
}

/** IAM: `s3:PutObject` and `s3:GetObject` on `jobs/*` of the bucket. */
export function createJobFiles({ client, bucket }: { client: S3Client; bucket: string }): JobFiles {
  const key = (id: string, name: string) => `jobs/${id}/${name}`;

  async function body(id: string, name: string) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key(id, name) }));
    if (Body === undefined) throw new Error(`${key(id, name)} has no body`);
    return Body;
  }

  async function writeJson(id: string, name: string, value: unknown): Promise<void> {
    const where = { Bucket: bucket, Key: key(id, name), ContentType: 'application/json' };
    await client.send(new PutObjectCommand({ ...where, Body: JSON.stringify(value) }));
  }

  return {
    bucket,
    csvKey: (id) => key(id, 'books.csv'),

    async uploadCsv(id, csv, bytes) {
      const where = { Bucket: bucket, Key: key(id, 'books.csv'), ContentType: 'text/csv' };
      await client.send(new PutObjectCommand({ ...where, Body: Readable.from(csv), ContentLength: bytes }));
    },

    async openCsv(id) {
      const stream = await body(id, 'books.csv');
      if (!(Symbol.asyncIterator in stream)) throw new Error('expected to run on Node.js');
      return stream as AsyncIterable<Uint8Array>;
    },

    writeStatus: (id, status) => writeJson(id, 'status.json', status),

    async readStatus(id) {
      try {
        return JSON.parse(await (await body(id, 'status.json')).transformToString()) as JobStatus;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },

    writeDashboard: (id, dashboard) => writeJson(id, 'dashboard.json', dashboard),
    readDashboard: async (id) =>
      JSON.parse(await (await body(id, 'dashboard.json')).transformToString()) as Dashboard,
  };
}
