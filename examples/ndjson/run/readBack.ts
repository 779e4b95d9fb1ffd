import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { FileStore } from '../fileStore.js';
import { countParquetRows } from './countParquetRows.js';

/** What lies in the bucket in the end. */
export interface Contents {
  readonly manifests: readonly {
    readonly path: string;
    readonly keys: readonly string[];
    readonly bytes: number;
  }[];
  readonly parquetFiles: number;
  readonly parquetRows: number;
}

async function listKeys(client: S3Client, Bucket: string, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

/** Reads every manifest and every Parquet file of the bucket, one after the other. */
export async function readBack(client: S3Client, files: FileStore): Promise<Contents> {
  const manifests: { path: string; keys: string[]; bytes: number }[] = [];
  for (const key of await listKeys(client, files.bucket, 'manifests/')) {
    const path = `s3://${files.bucket}/${key}`;
    const { files: listed } = await files.readManifest(path);
    const bytes = listed.reduce((sum, { size }) => sum + size, 0);
    manifests.push({ path, keys: listed.map((file) => file.key), bytes });
  }
  const parquetKeys = await listKeys(client, files.bucket, 'parquet/');
  let parquetRows = 0;
  for (const key of parquetKeys) parquetRows += await countParquetRows(await readAll(await files.open(key)));
  return { manifests, parquetFiles: parquetKeys.length, parquetRows };
}
