import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { key, tableDefinition } from '../src/table.js';

describe('tableDefinition', () => {
  it('is what CreateTableCommand takes, and defines every attribute that a key uses, and no other', () => {
    const definition: CreateTableCommandInput = tableDefinition('fanfold');
    const keys = [
      definition.KeySchema,
      ...(definition.GlobalSecondaryIndexes ?? []).map(({ KeySchema }) => KeySchema),
    ];
    const used = keys.flatMap((schema) => schema?.map(({ AttributeName }) => AttributeName));
    expect(used.sort()).toEqual(
      definition.AttributeDefinitions?.map(({ AttributeName }) => AttributeName).sort(),
    );
    expect(definition).toMatchObject({ TableName: 'fanfold', BillingMode: 'PAY_PER_REQUEST' });
  });
});

describe('key', () => {
  it('joins segments by # and keeps an id that looks like a key an id', () => {
    expect(key('fanIn', 'job', 'node', 0, 12)).toBe('fanIn#job#node#0#12');
    expect(key('fanIn', 'a#node#0#12')).toBe('fanIn#a%23node%230%2312');
  });

  it('never makes one key of two different lists of segments', () => {
    const segments = fc.array(fc.string({ unit: fc.constantFrom('a', '#', '%', '2', '3') }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(segments, segments, (a, b) => {
        expect(key(...a) === key(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
