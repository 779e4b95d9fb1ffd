import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import { type Manifest, manifestSchema, parseManifestPath } from './manifest.js';

/** The bucket's files, manifests and Parquet files. */
export interface FileStore {
  readonly bucket: string;
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Puts a file of this machine, as a stream. */
  upload(key: string, path: string): Promise<void>;
  writeManifest(manifest: Manifest): Promise<void>;
  readManifest(manifestPath: string): Promise<z.infer<typeof manifestSchema>>;
}

/** IAM: `s3:GetObject` and `s3:PutObject` on the prefixes that a function works with. */
export function createFileStore({ client, bucket: Bucket }: { client: S3Client; bucket: string }): FileStore {
  async function body(Key: string) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    if (Body === undefined) throw new Error(`${Key} has no body`);
    return Body;
  }

  async function put(Key: string, Body: string | Uint8Array, ContentType?: string): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ...(ContentType ? { ContentType } : {}) }));
  }

  return {
    bucket: Bucket,
    async open(key) {
      const stream = await body(key);
      if (!(Symbol.asyncIterator in stream)) throw new Error('expected to run on Node.js');
      return stream as AsyncIterable<Uint8Array>;
    },
    put: (key, bytes) => put(key, bytes),
    async upload(Key, path) {
      const { size } = await stat(path);
      const Body = createReadStream(path);
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: size }));
    },
    async writeManifest(manifest) {
      const { key } = parseManifestPath(manifest.manifest_path);
      await put(key, JSON.stringify(manifest), 'application/json');
    },
    async readManifest(manifestPath) {
      const { key } = parseManifestPath(manifestPath);
      return manifestSchema.parse(JSON.parse(await (await body(key)).transformToString()));
    },
  };
}
