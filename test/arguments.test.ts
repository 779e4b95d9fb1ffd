import { describe, expect, it } from 'vitest';
import {
  expectFunction,
  expectId,
  expectInteger,
  expectNumber,
  expectSignal,
  invalidArgument,
} from '../src/arguments.js';

describe('arguments', () => {
  it('names the field, what was expected and what came', () => {
    expect(() => expectInteger('concurrency', 0, 1)).toThrow(
      'concurrency: expected an integer of at least 1, got 0',
    );
    expect(() => expectInteger('limit', 11, 1, 10)).toThrow(
      'limit: expected an integer from 1 to 10, got 11',
    );
    expect(() => expectNumber('rate', Number.NaN, 0, 1)).toThrow(
      'rate: expected a number from 0 to 1, got NaN',
    );
    expect(() => expectFunction('worker', { a: 1 })).toThrow('worker: expected a function, got an object');
    expect(() => expectSignal('signal', {})).toThrow('signal: expected an AbortSignal, got an object');
  });

  it('shows untrusted text escaped and short', () => {
    const { message } = invalidArgument('id', 'an id', `line\n${'x'.repeat(500)}`);
    expect(message).toBe(`id: expected an id, got "line\\n${'x'.repeat(55)}"… (505 characters)`);
  });

  it.each(['a', 'ünï', '日本', '#', '__proto__', 'x'.repeat(256)])('takes %j as an id', (id) => {
    expect(() => expectId('id', id)).not.toThrow();
  });

  it.each([undefined, null, 1, '', '  ', 'a\nb', 'a\u007fb', '\ud800', 'x'.repeat(257)])(
    'refuses %j as an id',
    (id) => {
      expect(() => expectId('id', id)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    },
  );
});
