import { describe, expect, it } from 'vitest';
import type { Report } from '../../../scripts/counterparts/readReport.js';
import type { Suite } from '../../../scripts/counterparts/suites.js';
import { tally, toTable } from '../../../scripts/counterparts/tally.js';

const suite: Suite = {
  name: 'a store, contract',
  file: 'test/store.test.ts',
  tests: { memory: 'memoryStore', embedded: 'dynamoStore', moto: 'dynamoStore' },
};

const report = (tests: Readonly<Record<string, string>>, file = suite.file): Report => ({
  testResults: [
    {
      name: `/somewhere/${file}`,
      status: 'passed',
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
    },
  ],
});
const good = report({ 'memoryStore works': 'passed', 'dynamoStore works': 'passed' });
const problemsOf = (embedded: Report | undefined, moto: Report | undefined) =>
  tally([suite], { embedded, moto, ElasticMQ: undefined }).problems;

describe('tally', () => {
  it('counts by suite and implementation, and finds nothing wrong where all is the same', () => {
    const result = tally([suite], { embedded: good, moto: good, ElasticMQ: undefined });
    expect(result.problems).toEqual([]);
    expect(toTable(result)).toEqual({
      'a store, contract': { memory: '1 of 1', embedded: '1 of 1', moto: '1 of 1', ElasticMQ: '–' },
    });
  });

  it.each([
    ['failed', 'failed'],
    ['was skipped', 'skipped'],
    ['was left for later', 'todo'],
  ])('says which test %s, and where', (_what, status) => {
    const bad = report({ 'memoryStore works': 'passed', 'dynamoStore works': status });
    expect(problemsOf(good, bad)).toEqual(['moto: dynamoStore works did not pass']);
  });

  it('says which suite has not as many tests everywhere', () => {
    const more = report({
      'memoryStore works': 'passed',
      'dynamoStore works': 'passed',
      'dynamoStore is fast': 'passed',
    });
    expect(problemsOf(more, good)).toEqual([
      'a store, contract: not the same tests everywhere (memory 1, embedded 2, moto 1)',
    ]);
  });

  it('says which suite has no tests at all, also where the names have changed', () => {
    const renamed = report({ 'a store works': 'passed' });
    expect(problemsOf(renamed, renamed)).toEqual([
      'a store, contract: no tests (memory 0, embedded 0, moto 0)',
      'embedded: a store works belongs to no suite',
      'moto: a store works belongs to no suite',
    ]);
  });

  it('takes a counterpart that did not run for no tests', () => {
    expect(problemsOf(good, undefined)).toEqual([
      'a store, contract: no tests (memory 1, embedded 1, moto 0)',
    ]);
  });

  it('says which file broke outside of its tests', () => {
    const broken: Report = { testResults: good.testResults.map((file) => ({ ...file, status: 'failed' })) };
    expect(problemsOf(good, broken)).toEqual(['moto: /somewhere/test/store.test.ts failed']);
  });
});
