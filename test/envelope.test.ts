import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEnvelope, toEnvelope } from '../src/envelope.js';

describe('toEnvelope', () => {
  it('writes version 1 to the letter', () => {
    const wire = JSON.stringify(toEnvelope('job', 12, { isbn: '0439785960' }));
    expect(wire).toBe('{"fanfold":1,"fanIn":{"id":"job","index":12},"payload":{"isbn":"0439785960"}}');
  });

  it.each([
    ['fanInId', '', 0],
    ['index', 'job', -1],
    ['index', 'job', 0.5],
    ['index', 'job', 16_777_216],
  ])('refuses a bad %s', (field, id, index) => {
    expect(() => toEnvelope(id, index, null)).toThrow(new RegExp(`^${field}: expected`));
  });
});

describe('openEnvelope', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.nat(16_777_215), fc.jsonValue(), (index, payload) => {
        const wire: unknown = JSON.parse(JSON.stringify(toEnvelope('job', index, payload)));
        expect(openEnvelope(wire)).toEqual({
          fanIn: { id: 'job', index },
          payload: JSON.parse(JSON.stringify(payload)),
        });
      }),
    );
  });

  it('takes anything else as a bare payload, as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(openEnvelope(value)).toEqual({ payload: value });
      }),
    );
    expect(openEnvelope(undefined)).toEqual({ payload: undefined });
  });

  it('ignores fields that it does not know', () => {
    const newer = { fanfold: 1, trace: 'x', fanIn: { id: 'a', index: 1, extra: true }, payload: 'p' };
    expect(openEnvelope(newer)).toEqual({ fanIn: { id: 'a', index: 1 }, payload: 'p' });
  });

  it.each([2, '1', null, 1.5])(
    'refuses version %j as retryable: a newer publisher is being rolled out',
    (fanfold) => {
      expect(() => openEnvelope({ fanfold, fanIn: { id: 'a', index: 0 }, payload: 1 })).toThrow(
        expect.objectContaining({ code: 'UnsupportedEnvelope', retryable: true }),
      );
    },
  );

  it.each([
    [{ fanfold: 1 }, 'fanIn.id'],
    [{ fanfold: 1, fanIn: null }, 'fanIn.id'],
    [{ fanfold: 1, fanIn: { id: 7, index: 0 } }, 'fanIn.id'],
    [{ fanfold: 1, fanIn: { id: 'a', index: -1 } }, 'fanIn.index'],
    [{ fanfold: 1, fanIn: { id: 'a' } }, 'fanIn.index'],
  ])('refuses %j for good, naming the field', (value, field) => {
    expect(() => openEnvelope(value)).toThrow(
      expect.objectContaining({
        code: 'InvalidEnvelope',
        retryable: false,
        message: expect.stringContaining(field),
      }),
    );
  });
});
