import { defineConfig } from 'vitest/config';

/** What the packed tarball is in the hands of a user: needs a build, and the npm registry. */
export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    testTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'out/reports/package.json' }]],
  },
});
