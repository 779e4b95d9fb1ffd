import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionName } from '../../src/fanout/index.js';

describe('executionName', () => {
  it.each(['', undefined, 7])('refuses %j', (id) => {
    expect(() => executionName(id as string)).toThrow(/^name: expected a string/);
  });

  it('keeps an id that is a legal name', () => {
    for (const id of ['a', 'import-7_B', 'x'.repeat(80), '6f1c0f0a-6a44-4a0e-9d5b-0123456789ab'])
      expect(executionName(id)).toBe(id);
  });

  it('keeps the readable beginning of any other, and hashes the whole', () => {
    expect(executionName('2026/11/21 manifest.json')).toMatch(/^2026-11-21-manifest-json--[0-9a-f]{20}$/);
    expect(executionName('x'.repeat(81))).toMatch(/^x{58}--[0-9a-f]{20}$/);
    expect(executionName('日本語')).toMatch(/^execution--[0-9a-f]{20}$/);
  });

  it('tells ids apart that look alike once they are altered', () => {
    const shared = 'x'.repeat(200);
    const ids = [
      'a/b',
      'a b',
      'a-b',
      'a.b',
      `${shared}1`,
      `${shared}2`,
      '\ud800',
      '\ud801',
      executionName('a b'),
    ];
    expect(new Set(ids.map(executionName)).size).toBe(ids.length);
  });

  it('is legal, always the same, and no two ids share it', () => {
    const anyId = fc.oneof(
      fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }),
      fc.stringMatching(/^[a/ -]{1,4}$/),
    );
    fc.assert(
      fc.property(anyId, anyId, (one, other) => {
        const name = executionName(one);
        expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(executionName(one)).toBe(name);
        expect(executionName(other) === name).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });
});
