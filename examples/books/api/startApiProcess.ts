import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FaultStatus } from './apiFault.js';
import type { BooksApiOptions } from './startBooksApi.js';

export interface ApiProcess {
  readonly url: string;
  /** How often it has given each bad answer, by status code. */
  faults(): Promise<Readonly<Record<FaultStatus, number>>>;
  stop(): Promise<void>;
}

/** Starts the books API in a process of its own: it is elsewhere on the Internet, and takes nothing from the functions. */
export async function startApiProcess(options: BooksApiOptions): Promise<ApiProcess> {
  const child = fork(fileURLToPath(new URL('serveBooksApi.ts', import.meta.url)), [JSON.stringify(options)], {
    // From where the packages are found, whatever this process's working directory is.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    execArgv: ['--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  const gone = exited.then(() => {
    throw new Error('the process of the books API has ended');
  });
  gone.catch(() => {});
  const answer = () => Promise.race([once(child, 'message').then(([message]) => message), gone]);
  const url: string = await answer();
  return {
    url,
    async faults() {
      child.send('faults');
      return answer();
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
