import { afterEach, describe, expect, it, vi } from 'vitest';
import { catchInterrupts, INTERRUPTED } from '../../examples/catchInterrupts.js';

describe('catchInterrupts', () => {
  let release = () => {};
  afterEach(() => {
    release();
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
    const { exit } = start();
    const now = vi.spyOn(Date, 'now').mockReturnValue(0);
    process.emit('SIGINT');
    now.mockReturnValue(1_001);
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(INTERRUPTED);
  });

  it('leaves nothing behind', () => {
    const before = process.listenerCount('SIGINT');
    start();
    release();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
