import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = fileURLToPath(new URL('src', import.meta.url));

/** Servers of others are slower than the embedded ones, and share the machine with whatever else runs on it. */
const isElsewhere = ['DYNAMODB', 'SQS', 'SFN'].some((service) => process.env[`FANFOLD_${service}_ENDPOINT`]);
const patienceMs = isElsewhere ? 180_000 : 60_000;

export default defineConfig({
  resolve: {
    // The package's own name, resolved to the source: tests and examples need no build.
    alias: [
      { find: /^fanfold$/, replacement: `${source}/index.ts` },
      { find: /^fanfold\/(.+)$/, replacement: `${source}/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Need a build and the npm registry, or half a minute: see vitest.package.config.ts and vitest.e2e.config.ts.
    exclude: ['test/package/**', 'test/**/*.e2e.test.ts', 'node_modules/**'],
    // Nothing in `src` or `test` keeps state in a module: loading it all once a file is a fifth of the time.
    isolate: false,
    reporters: ['default', 'json'],
    outputFile: { json: 'out/reports/unit.json' },
    // Most of a test's time is waiting for queues and leases, so that three workers are no strain on two cores.
    maxWorkers: 3,
    // Against tests that hang, not slow machines: a busy one takes ten times as long.
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
  },
});
