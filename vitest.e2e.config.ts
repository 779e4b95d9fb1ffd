import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Whole workflows on loopback, as `npm run example` runs them: too long for every save, and none for a release. */
const { exclude: _, ...test } = base.test ?? {};

export default mergeConfig(
  { resolve: base.resolve ?? {} },
  {
    test: { ...test, include: ['test/**/*.e2e.test.ts'], outputFile: { json: 'out/reports/e2e.json' } },
  },
);
