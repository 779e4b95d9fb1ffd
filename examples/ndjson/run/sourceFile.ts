import type { FileStore } from '../fileStore.js';

/** A file that goes into the bucket. */
export interface SourceFile {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly rows: number;
  upload(store: FileStore): Promise<void>;
}
