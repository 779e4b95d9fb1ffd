import { decadesChart, genresChart, pagesChart, ratingsChart } from './charts.js';
import type { Dashboard } from './dashboard.js';
import { escapeHtml } from './escapeHtml.js';
import { pageStyle } from './pageStyle.js';
import { renderChart } from './renderChart.js';
import { type Timeline, timelineChart } from './timeline.js';

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const tile = (label: string, value: string, mark = '') =>
  `<div class="tile ${mark}"><b>${escapeHtml(value)}</b><span>${escapeHtml(label)}</span></div>`;

const figure = (title: string, svg: string, note = '', wide = '') =>
  `<figure class="${wide}"><figcaption><h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p></figcaption>${svg}</figure>`;

const row = (...cells: readonly (string | number)[]) =>
  `<tr>${cells.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('')}</tr>`;

function failuresTable({ failures, failed }: Dashboard): string {
  if (failed === 0) return '<p>Every book was enriched.</p>';
  const hidden = failed - failures.length;
  const rows = failures.map(({ index, title, reason }) => row(index + 1, title, reason)).join('\n');
  return `<table><thead><tr><th>Row</th><th>Title</th><th>Reason</th></tr></thead><tbody>
${rows}${hidden > 0 ? row('…', `and ${number(hidden)} more`, '') : ''}
</tbody></table>`;
}

const topTable = ({ topRated }: Dashboard) =>
  `<table><thead><tr><th>Title</th><th>Author</th><th>Rating</th></tr></thead><tbody>
${topRated.map(({ title, authors, rating }) => row(title, authors, rating.toFixed(1))).join('\n')}
</tbody></table>`;

/** The dashboard as one page: charts and styles are in it, no script runs and nothing else is requested. */
export function dashboardPage(dashboard: Dashboard, timeline: Timeline): string {
  const { id, completedAt, completionReason, books, enriched, failed, averageRating, totalPages } = dashboard;
  const genres = Object.keys(dashboard.genres).length;
  const half = { width: 620, height: 380 };
  const whole = { width: 1_280, height: 340 };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${number(books)} books`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${number(books)} books</h1>
<p>Job <code>${escapeHtml(id)}</code>, completed ${escapeHtml(completedAt)} (${escapeHtml(completionReason)})</p>
</header>
<section class="tiles">
${tile('rows in the file', number(books))}
${tile('enriched', number(enriched), 'good')}
${tile('failed', number(failed), failed > 0 ? 'bad' : '')}
${tile('mean rating', averageRating.toFixed(2))}
${tile('pages in all', number(totalPages))}
${tile(genres === 1 ? 'genre' : 'genres', number(genres))}
</section>
<main>
${figure('Books by genre', renderChart(genresChart(dashboard), half), 'The first shelf of each book.')}
${figure('Mean rating by genre', renderChart(ratingsChart(dashboard), half), 'Out of 5, genres with the most books.')}
${figure('Books by decade', renderChart(decadesChart(dashboard), whole), 'Of original publication.', 'wide')}
${figure('Books by length', renderChart(pagesChart(dashboard), half), 'Pages, where they are known.')}
<section><h2>Best rated</h2>${topTable(dashboard)}</section>
${figure('The job over time', renderChart(timelineChart(timeline), whole), 'How many items were in flight at once.', 'wide')}
<section class="wide"><h2>Failures</h2>${failuresTable(dashboard)}</section>
</main>
<footer>Ratings and lengths that the file does not hold come from the API; the local stand-in makes them up.</footer>
</body>
</html>
`;
}
