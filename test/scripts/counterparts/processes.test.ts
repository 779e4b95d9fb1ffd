import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcesses } from '../../../scripts/counterparts/processes.js';
import { withServer } from '../../../scripts/counterparts/withServer.js';

const processes = createProcesses();
let folder: string;
let listener: Server;
let logFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fanfold-processes-'));
  logFile = join(folder, 'log');
  listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
});
afterEach(async () => {
  processes.endAll();
  listener.close();
  await rm(folder, { recursive: true });
});

/** A process whose own child calls us, and stays on the line for as long as it lives. */
function family(): string[] {
  const { port } = listener.address() as AddressInfo;
  const child = `require('node:net').connect(${port}, '127.0.0.1').on('error', () => {}); setInterval(() => {}, 1_000)`;
  const spawned = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}])`;
  return ['-e', `${spawned}; setInterval(() => {}, 1_000)`];
}

async function called(): Promise<{ hungUp: Promise<unknown> }> {
  const [socket] = (await once(listener, 'connection')) as [Socket];
  // A child that is killed may reset the line instead of closing it.
  socket.on('error', () => {});
  return { hungUp: new Promise((resolve) => socket.once('close', resolve)) };
}

describe('processes', () => {
  it('end with all that they have started, once', async () => {
    const call = called();
    const parent = processes.start(process.execPath, family(), { output: { file: logFile } });
    const { hungUp } = await call;
    await processes.end(parent);
    await hungUp;
    expect(parent.signalCode).toBe('SIGKILL');
    await processes.end(parent);
  });

  it('all end together', async () => {
    const call = called();
    processes.start(process.execPath, family(), { output: { file: logFile } });
    const { hungUp } = await call;
    processes.endAll();
    await hungUp;
  });

  it('that fail say how, and where to look', async () => {
    const run = processes.run(process.execPath, ['-e', 'process.exit(3)'], { output: { file: logFile } });
    await expect(run).rejects.toThrow(`${process.execPath} ended with 3: see ${logFile}`);
  });

  it('that do not exist are an error', async () => {
    const nothing = join(folder, 'nothing');
    await expect(processes.run(nothing, [], { output: 'inherit' })).rejects.toThrow('ENOENT');
  });
});

describe('withServer', () => {
  const server = (args: readonly string[], isReady: () => Promise<boolean>) => ({
    ...{ name: 'a server', command: process.execPath, args, logFile, isReady },
  });

  it('ends the server also when the work throws', async () => {
    const call = called();
    const running = withServer(
      processes,
      server(family(), async () => true),
      async () => {
        const { hungUp } = await call;
        throw Object.assign(new Error('the work'), { hungUp });
      },
    );
    const { message, hungUp } = await running.catch((error) => error);
    expect(message).toBe('the work');
    await hungUp;
  });

  it('does not wait for a server that has ended', async () => {
    const running = withServer(
      processes,
      server(['-e', ''], async () => false),
      async () => 'never',
    );
    await expect(running).rejects.toThrow(`a server has ended by itself: see ${logFile}`);
  });

  it('does not go on with the work when the server dies under it', async () => {
    const running = withServer(
      processes,
      server(['-e', ''], async () => true),
      () => new Promise(() => {}),
    );
    await expect(running).rejects.toThrow('a server has ended by itself');
  });

  it('says that there is no such server', async () => {
    const missing = { ...server([], async () => false), command: join(folder, 'nothing') };
    await expect(withServer(processes, missing, async () => 'never')).rejects.toThrow('ENOENT');
  });
});
