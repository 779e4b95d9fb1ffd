import { isLost, type Report } from './measure.js';
import { show, showFigure, showRatio } from './tables.js';

/** Prints a benchmark for whoever waits for it: a block for each measure, a line for each contestant. */
export function printReport({ name, title, measures }: Report, ms: number): void {
  console.log(`\n── ${title} (${name}, ${(ms / 1_000).toFixed(0)} s)`);
  for (const measure of measures) {
    console.log(measure.what);
    for (const [place, figure] of measure.figures.entries()) {
      const ratio = place === 0 ? '' : `${showRatio(figure)} × fanfold`;
      console.log(
        `  ${figure.contestant.padEnd(48)} ${showFigure(figure, measure.unit).padEnd(32)} ${ratio}`,
      );
    }
    for (const { text, value, isMet } of measure.targets)
      console.log(`  target ${text}: ${show(value)} ${isMet ? 'met' : 'MISSED'}`);
    if (isLost(measure) && measure.why === undefined) console.log('  lost, and nobody says why');
  }
}
