import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isLost } from '../../bench/core/measure.js';
import { benchmarkNames } from '../../bench/core/names.js';
import { readReports } from '../../bench/core/reports.js';
import {
  generatedPart,
  readmeTable,
  showFigure,
  wholeTable,
  withGeneratedPart,
} from '../../bench/core/tables.js';

describe('the tables of what was measured', () => {
  it('stand in the README and in the docs as they follow from the results', async () => {
    const reports = await readReports();
    expect(generatedPart(await readFile('README.md', 'utf8'))).toBe(readmeTable(reports));
    expect(generatedPart(await readFile('docs/benchmarks.md', 'utf8'))).toBe(wholeTable(reports));
  });

  it('hold every benchmark, none of them a smoke run', async () => {
    const reports = await readReports();
    expect(reports.map(({ name }) => name)).toEqual([...benchmarkNames]);
    expect(reports.flatMap(({ measures }) => measures).length).toBeGreaterThan(50);
    const publishing = reports.find(({ name }) => name === 'publishing');
    expect(publishing?.measures[0]?.what).toContain('10,000 messages');
  });

  it('say why, wherever fanfold loses', async () => {
    const measures = (await readReports()).flatMap((report) => report.measures);
    const unexplained = measures.filter((measure) => isLost(measure) && (measure.why ?? '') === '');
    expect(unexplained.map(({ what }) => what)).toEqual([]);
  });

  it('replace what is between the markers of a page, and nothing else', () => {
    const page = `before\n${withGeneratedPartMarkers('old')}\nafter`;
    const replaced = withGeneratedPart(page, 'new');
    expect(generatedPart(replaced)).toBe('new');
    expect(replaced.startsWith('before\n')).toBe(true);
    expect(replaced.endsWith('\nafter')).toBe(true);
    expect(() => withGeneratedPart('no markers', 'new')).toThrow('markers');
  });

  it('show a spread only where there was one', () => {
    const figure = { contestant: 'fanfold', median: 12.345, low: 10, high: 20, runs: 3, ratio: 1 };
    expect(showFigure(figure, 'ms')).toBe('12.3 (10–20) ms');
    expect(showFigure({ ...figure, low: 5, high: 5, runs: 1 }, '$')).toBe('$12.3');
  });
});

function withGeneratedPartMarkers(part: string): string {
  const markers = [
    '<!-- made by `npm run bench:readme` from bench/results: do not edit -->',
    '<!-- end of what is made -->',
  ];
  return markers.join(`\n\n${part}\n\n`);
}
