declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }
  // biome-ignore lint/style/noDefaultExport: this is how dynalite exports itself
  export default function dynalite(options?: DynaliteOptions): Server;
}
