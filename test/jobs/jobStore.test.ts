import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobs } from '../../src/jobs/createJobs.js';
import { dynamoJobStore } from '../../src/jobs/dynamoJobStore.js';
import { memoryJobStore } from '../../src/jobs/memoryJobStore.js';
import { collect } from '../collect.js';
import { startTable, type TestTable } from '../startTable.js';
import { describeJobStore } from './jobStore.contract.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describeJobStore('memoryJobStore', memoryJobStore);
describeJobStore('dynamoJobStore', () => dynamoJobStore(table));

describe('jobs on DynamoDB', () => {
  it('keeps the jobs of namespaces apart', async () => {
    const [files, manifests] = ['files', 'manifests'].map((kind) =>
      createJobs({ store: dynamoJobStore({ ...table, namespace: `${kind} ${randomUUID()}` }) }),
    );
    await files?.create('a');
    await files?.create('b');
    await manifests?.run('a', () => 1);
    expect(await files?.stats()).toEqual({ pending: 2, inProgress: 0, succeeded: 0, failed: 0 });
    expect(await manifests?.stats()).toEqual({ pending: 0, inProgress: 0, succeeded: 1, failed: 0 });
  });

  it('lists and counts more jobs than it reads together', async () => {
    const jobs = createJobs({ store: dynamoJobStore({ ...table, namespace: randomUUID() }) });
    const ids = Array.from({ length: 230 }, (_, i) => `job ${i}`);
    await Promise.all(ids.map((id) => jobs.create(id, { input: id })));
    const listed = await collect(jobs.list({ status: 'pending' }));
    expect(listed.map(({ input }) => input).sort()).toEqual(ids.sort());
    expect(await jobs.stats()).toMatchObject({ pending: 230 });
  });

  it('refuses a blank namespace, before any call', () => {
    expect(() => dynamoJobStore({ ...table, namespace: ' ' })).toThrow(/^namespace: expected/);
  });
});
