import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoManifestHead } from '../../../examples/ndjson/build/manifestHead.js';
import { startTable, type TestTable } from '../../startTable.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describe('the head of the manifests in DynamoDB', () => {
  it('begins at the first slot, moves on, and never goes back', async () => {
    const head = dynamoManifestHead(table);
    expect(await head.read()).toBe(1);
    await head.advance(3);
    // A builder that was late, and one whose reply was lost.
    await head.advance(2);
    await head.advance(3);
    expect(await head.read()).toBe(3);
  });
});
