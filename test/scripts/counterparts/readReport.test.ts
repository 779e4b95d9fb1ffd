import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../../scripts/counterparts/readReport.js';

describe('readReport', () => {
  it('takes what was reported of the files that are asked for, and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fanfold-test-'));
    try {
      const results = ['/a/test/x.test.ts', '/a/test/y.test.ts', '/a/contest/x.test.ts'].map((name) => ({
        name,
        status: 'passed',
        assertionResults: [],
      }));
      await writeFile(join(folder, 'unit.json'), JSON.stringify({ testResults: results }));
      const { testResults } = await readReport(join(folder, 'unit.json'), ['test/x.test.ts']);
      expect(testResults.map(({ name }) => name)).toEqual(['/a/test/x.test.ts']);
      await expect(readReport(join(folder, 'none.json'), [])).rejects.toThrow('ENOENT');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
