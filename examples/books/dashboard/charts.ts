import type { EChartsOption } from 'echarts';
import { decadeRank } from './buckets.js';
import { type Dashboard, type Slice, UNKNOWN } from './dashboard.js';

const INK = '#24292f';
const GRID = '#e4e8ec';
const MAX_BARS = 12;
/** What is older is one bar, or the last two centuries would be thin lines at the edge. */
const FIRST_DECADE = 1800;

/** Keeps the biggest and sums up the rest, so that a chart stays readable whatever the shelves are called. */
function topSlices(slices: readonly Slice[]): Slice[] {
  if (slices.length <= MAX_BARS) return [...slices];
  const rest = slices.slice(MAX_BARS - 1);
  const books = rest.reduce((sum, slice) => sum + slice.books, 0);
  return [...slices.slice(0, MAX_BARS - 1), { label: `${rest.length} others`, books }];
}

const slicesOf = (counts: Readonly<Record<string, number>>): Slice[] =>
  Object.entries(counts).map(([label, books]) => ({ label, books }));

const labels = { show: true, color: INK, fontSize: 13 };
const valueAxis = {
  type: 'value' as const,
  axisLabel: { color: INK, fontSize: 12 },
  splitLine: { lineStyle: { color: GRID } },
};
const categoryAxis = (data: readonly string[]) => ({
  type: 'category' as const,
  data: [...data],
  axisTick: { show: false },
  axisLabel: { color: INK, fontSize: 13, width: 150, overflow: 'truncate' as const },
});

function lyingBars(bars: readonly Slice[], color: string, name: string, max?: number): EChartsOption {
  return {
    color: [color],
    // Room for the names in any font: without a browser, echarts can only guess how wide they are.
    grid: { left: 170, right: 56, top: 8, bottom: 4 },
    // The first is on top.
    yAxis: { ...categoryAxis(bars.map(({ label }) => label)), inverse: true },
    xAxis: { ...valueAxis, show: false, ...(max === undefined ? {} : { max }) },
    series: [
      {
        name,
        type: 'bar',
        barMaxWidth: 22,
        data: bars.map(({ books }) => books),
        label: { ...labels, position: 'right' },
      },
    ],
  };
}

function standingBars(bars: readonly Slice[], color: string, name: string, rotate = 0): EChartsOption {
  const axis = categoryAxis(bars.map(({ label }) => label));
  return {
    color: [color],
    grid: { left: 8, right: 8, top: 28, bottom: 8, containLabel: true },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, interval: 0, rotate } },
    yAxis: { ...valueAxis, name: 'books', nameTextStyle: { color: INK, fontSize: 12 } },
    series: [
      {
        name,
        type: 'bar',
        barMaxWidth: 64,
        data: bars.map(({ books }) => books),
        label: { ...labels, position: 'top' },
      },
    ],
  };
}

export const genresChart = ({ genres }: Dashboard) =>
  lyingBars(topSlices(slicesOf(genres)), '#2f6fb2', 'Books');

/** The genres with the most books, by their mean rating. */
export function ratingsChart({ ratingsByGenre }: Dashboard): EChartsOption {
  const biggest = [...ratingsByGenre].sort((a, b) => b.books - a.books).slice(0, MAX_BARS);
  const bars = biggest
    .sort((a, b) => b.averageRating - a.averageRating)
    .map(({ genre, averageRating }) => ({ label: genre, books: Math.round(averageRating * 100) / 100 }));
  return lyingBars(bars, '#b8860b', 'Mean rating', 5);
}

export const pagesChart = ({ pages }: Dashboard) => standingBars(pages, '#5b8c5a', 'Books');

export function decadesChart({ decades }: Dashboard): EChartsOption {
  const all = slicesOf(decades);
  const isOld = ({ label }: Slice) => label !== UNKNOWN && decadeRank(label) < FIRST_DECADE;
  const older = all.filter(isOld).reduce((sum, { books }) => sum + books, 0);
  const bars = all.filter((slice) => !isOld(slice));
  const before = older === 0 ? [] : [{ label: `before ${FIRST_DECADE}`, books: older }];
  return standingBars([...before, ...bars], '#8660a9', 'Books', 50);
}
