import { UNKNOWN } from './dashboard.js';

const pageSteps = [150, 300, 450, 600, 800] as const;

/** The bar of the page chart that a book belongs to: `under 150`, `150–299`, …, `800 and more`. */
export function pageLabel(pages: number): string {
  const above = pageSteps.findIndex((step) => pages < step);
  if (above === 0) return `under ${pageSteps[0]}`;
  return above < 0
    ? `${pageSteps.at(-1)} and more`
    : `${pageSteps[above - 1]}–${(pageSteps[above] ?? 0) - 1}`;
}

/** All of them, in ascending order. */
export const pageLabels = [0, ...pageSteps].map(pageLabel);

/** `1990s`, `440s BCE`, or {@link UNKNOWN}. */
export function decadeOf(year: number | undefined): string {
  if (year === undefined) return UNKNOWN;
  // There is no year 0, and before it decades count backwards: 441 BCE is in the 440s.
  return year < 0 ? `${Math.floor(-year / 10) * 10}s BCE` : `${Math.floor(year / 10) * 10}s`;
}

/** Sorts decades as time goes, with {@link UNKNOWN} last. */
export function decadeRank(decade: string): number {
  if (decade === UNKNOWN) return Number.MAX_SAFE_INTEGER;
  return decade.endsWith('BCE') ? -Number.parseInt(decade, 10) - 1 : Number.parseInt(decade, 10);
}

/** Counts as a plain object in a stated order, so that the same job always writes the same file. */
export function toSortedCounts(counts: ReadonlyMap<string, number>, rank: (key: string) => number) {
  const keys = [...counts.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, counts.get(key) ?? 0]));
}
