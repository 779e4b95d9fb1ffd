import { type Figure, isLost, type Measure, type Report } from './measure.js';

/** A number as a reader wants it: three digits, four just above 1, where three tell little, and whole thousands as they are. */
export function show(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(value >= 1 && value < 2 ? 4 : 3)));
}

/** Somebody's figure over fanfold's. */
export const showRatio = ({ ratio }: Figure): string => (ratio === null ? '–' : show(ratio));

/** `2.1 (2–2.4) µs`: the median, and the spread where there was more than one run. */
export function showFigure({ median, low, high, runs }: Figure, unit: string): string {
  const spread = runs > 1 && low !== high ? ` (${show(low)}–${show(high)})` : '';
  return unit === '$' ? `$${show(median)}${spread}` : `${show(median)}${spread} ${unit}`;
}

const showTargets = ({ targets }: Measure): string =>
  targets
    .map(({ text, value, isMet }) => `${text}: ${show(value)} ${isMet ? '✓' : '✗ **missed**'}`)
    .join('<br>');

function row(measure: Measure): string {
  const [fanfold, ...others] = measure.figures;
  const beside = others.map((figure) => `${figure.contestant} ${showRatio(figure)} ×`).join('<br>');
  const own = fanfold === undefined ? '' : showFigure(fanfold, measure.unit);
  return `| ${measure.what} | ${own} | ${beside} | ${showTargets(measure)} |`;
}

const HEAD = ['| what | fanfold | beside it, × fanfold | target |', '|---|---|---|---|'];

/** Where fanfold loses, and why: one line for each reason. */
function losses(measures: readonly Measure[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const measure of measures.filter(isLost)) {
    const reason = measure.why ?? 'unexplained';
    byReason.set(reason, [...(byReason.get(reason) ?? []), measure.what]);
  }
  return [...byReason].map(([why, whats]) => `- *${whats.join('*; *')}*: ${why}.`);
}

/** The table of the README: the headlines, and what stands behind a loss. */
export function readmeTable(reports: readonly Report[]): string {
  const measures = reports.flatMap((report) => report.measures).filter(({ isHeadline }) => isHeadline);
  const lost = losses(measures);
  const behind = lost.length === 0 ? [] : ['', 'Where fanfold loses or misses its target:', '', ...lost];
  return [...HEAD, ...measures.map(row), ...behind].join('\n');
}

/** Every measure of every benchmark, with all figures. */
export function wholeTable(reports: readonly Report[]): string {
  const lines: string[] = [];
  for (const { name, title, machine, measures } of reports) {
    lines.push(`## ${title}`, '');
    lines.push(
      `\`npm run bench -- ${name}\`, on Node ${machine.node}, ${machine.platform}, ${machine.cpus} processors.`,
      '',
    );
    lines.push(
      '| what | who | median (lowest–highest) | runs | × fanfold | target |',
      '|---|---|---|---|---|---|',
    );
    for (const measure of measures) {
      for (const [place, figure] of measure.figures.entries()) {
        const first = place === 0;
        lines.push(
          `| ${first ? measure.what : ''} | ${figure.contestant} | ${showFigure(figure, measure.unit)} | ${figure.runs} | ${first ? '' : showRatio(figure)} | ${first ? showTargets(measure) : ''} |`,
        );
      }
    }
    const lost = losses(measures);
    if (lost.length > 0) lines.push('', 'Where fanfold loses or misses its target:', '', ...lost);
    lines.push('');
  }
  return lines.join('\n').trimEnd();
}

const START = '<!-- made by `npm run bench:readme` from bench/results: do not edit -->';
const END = '<!-- end of what is made -->';

/** What stands between the two markers of a page. */
export function generatedPart(page: string): string | undefined {
  const start = page.indexOf(START);
  const end = page.indexOf(END, start);
  return start < 0 || end < 0 ? undefined : page.slice(start + START.length, end).trim();
}

/** The page with another part between its markers. */
export function withGeneratedPart(page: string, part: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END, start);
  if (start < 0 || end < 0) throw new Error(`expected the markers ${START} and ${END}`);
  return `${page.slice(0, start + START.length)}\n\n${part}\n\n${page.slice(end)}`;
}
