import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmulators } from '../../src/local/emulators.js';

describe('startEmulators', () => {
  let folder: string;
  const ports = { dynamodb: 0, sqs: 0 };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('names each emulator that is not installed', async () => {
    const from = join(folder, 'service.js');
    await expect(startEmulators(ports, from)).rejects.toMatchObject({
      code: 'MissingPeer',
      message: 'dynalite is not installed: run "npm install dynalite"',
    });
    const dynalite = dirname(createRequire(import.meta.url).resolve('dynalite/package.json'));
    await mkdir(join(folder, 'node_modules'));
    await symlink(dynalite, join(folder, 'node_modules', 'dynalite'));
    await expect(startEmulators(ports, from)).rejects.toMatchObject({
      code: 'MissingPeer',
      message: 'fauxqs is not installed: run "npm install fauxqs"',
    });
  });

  it('listens on loopback only', async () => {
    const emulators = await startEmulators(ports);
    try {
      for (const endpoint of Object.values(emulators.endpoints)) {
        expect(new URL(endpoint).hostname).toBe('127.0.0.1');
        const elsewhere = endpoint.replace('127.0.0.1', '127.0.0.2');
        await expect(fetch(elsewhere)).rejects.toThrow();
        await expect(fetch(endpoint)).resolves.toBeDefined();
      }
    } finally {
      await emulators.stop();
    }
  });
});
