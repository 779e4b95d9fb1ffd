import { z } from 'zod';

/** A list of files that are converted together: frozen when it was built, whatever comes later. */
export interface Manifest {
  readonly manifest_id: string;
  /** Its place in the sequence of all manifests. */
  readonly slot: number;
  /** The fencing token under which it was built: the attempt of the slot's claim. */
  readonly fencing_token: number;
  readonly bucket: string;
  readonly manifest_path: string;
  readonly date_prefix: string;
  readonly file_count: number;
  readonly total_bytes: number;
  /** When it was built: part of the execution's input, so that a retry starts the same execution. */
  readonly timestamp: string;
  readonly files: readonly { readonly key: string; readonly size: number }[];
}

/** The input of the state machine. */
export interface ExecutionInput {
  readonly manifest_path: string;
  readonly date_prefix: string;
  readonly file_count: number;
  readonly timestamp: string;
}

/** The input of the execution that converts it: the same for ever. */
export const executionInput = (manifest: ExecutionInput): ExecutionInput => ({
  manifest_path: manifest.manifest_path,
  date_prefix: manifest.date_prefix,
  file_count: manifest.file_count,
  timestamp: manifest.timestamp,
});

/** The manifest as its object in S3 holds it. */
export const manifestSchema = z.object({
  manifest_id: z.string().min(1),
  bucket: z.string().min(1),
  date_prefix: z.string().min(1),
  files: z.array(z.object({ key: z.string().min(1), size: z.number() })),
});

const PATH = /^s3:\/\/([a-z0-9.-]+)\/(manifests\/[\d/]+\/(manifest-[\dTZ]+-\d+)\.json)$/;

/** Takes `s3://BUCKET/manifests/DATE/ID.json` apart. */
export function parseManifestPath(path: string): { bucket: string; key: string; manifestId: string } {
  const [, bucket, key, manifestId] = PATH.exec(path) ?? [];
  if (bucket !== undefined && key !== undefined && manifestId !== undefined)
    return { bucket, key, manifestId };
  throw new TypeError(
    `manifest_path: expected s3://BUCKET/manifests/DATE/ID.json, got ${JSON.stringify(path)}`,
  );
}

/** Where the rows of a manifest go. */
export const parquetKey = (datePrefix: string, manifestId: string): string =>
  `parquet/${datePrefix}/${manifestId}.parquet`;
