import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catchInterrupts, INTERRUPTED } from '../../examples/catchInterrupts.js';

/** Stalls for longer than an echo may take as soon as it is interrupted, and cleans up afterwards. */
const STALLING = `
  import { writeSync } from 'node:fs';
  import { catchInterrupts } from './examples/catchInterrupts.ts';
  const { signal } = catchInterrupts();
  const alive = setInterval(() => {}, 1_000);
  signal.addEventListener('abort', () => {
    writeSync(1, 'stalls ');
    const until = performance.now() + 1_500;
    while (performance.now() < until);
    setTimeout(() => {
      clearInterval(alive);
      writeSync(1, 'cleaned up');
    }, 50);
  });
  writeSync(1, 'ready ');
`;

describe('catchInterrupts', () => {
  let release = () => {};
  afterEach(() => {
    release();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const start = () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const interrupts = catchInterrupts();
    release = interrupts.release;
    return { ...interrupts, exit };
  };

  it.each(['SIGINT', 'SIGTERM'] as const)('aborts with %s, and takes its echo for the same', (name) => {
    const { signal, exit } = start();
    expect(signal.aborted).toBe(false);
    process.emit(name);
    expect(process.emit(name)).toBe(true);
    expect(signal.aborted).toBe(true);
    expect(exit).not.toHaveBeenCalled();
  });

  it('ends the program when it is interrupted again later', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] });
    const { exit } = start();
    process.emit('SIGINT');
    vi.advanceTimersByTime(999);
    process.emit('SIGINT');
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(INTERRUPTED);
  });

  it('takes an echo that a stall delayed for the same', async () => {
    const program = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', STALLING], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let said = '';
      const ended = once(program, 'close');
      program.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
      await vi.waitFor(() => expect(said).toContain('ready'));
      program.kill('SIGINT');
      await vi.waitFor(() => expect(said).toContain('stalls'));
      program.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
      expect(said).toContain('cleaned up');
    } finally {
      program.kill('SIGKILL');
    }
  });

  it('leaves nothing behind', () => {
    const listeners = () => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    const before = listeners();
    start();
    expect(listeners()).not.toEqual(before);
    release();
    expect(listeners()).toEqual(before);
  });
});
