import { parse } from 'csv-parse/sync';
import { type CsvRecord, countLines, csvOptions, type RawRecord } from './readRecords.js';

/**
 * Judges one record that the lenient parser let pass. A row that opens a quote and does not close it swallows the
 * rows after it, up to their first quote; what it swallowed is given back as rows of their own. So one broken row
 * costs one row.
 */
export function splitBroken(record: RawRecord, line: number, columns: number): CsvRecord[] {
  const problem = problemOf(record, columns);
  if (problem === undefined) return [{ line, fields: record.record }];
  const [firstLine, rest] = cutFirstLine(record.raw);
  const swallowed = rest === '' ? [] : reread(rest, line + 1, columns);
  const anyGood = swallowed.some((row) => 'fields' in row);
  // Without a good row in it, it is one broken record of several lines.
  return [
    { line, problem: anyGood ? (problemIn(firstLine, columns) ?? problem) : problem },
    ...(anyGood ? swallowed : []),
  ];
}

function problemOf({ record, raw }: RawRecord, columns: number): string | undefined {
  if (record.some((field) => field.startsWith('"')) && closesBadly(raw)) {
    return 'a quote is closed in the middle of a field, or not at all';
  }
  return record.length === columns ? undefined : `expected ${columns} columns, found ${record.length}`;
}

/** Whether the strict parser sees text after a closing quote; it is only asked where the lenient one left a trace. */
function closesBadly(raw: string): boolean {
  const codes: (string | undefined)[] = [];
  const strict = { relax_quotes: false, skip_records_with_error: true } as const;
  parse(raw, {
    ...csvOptions,
    ...strict,
    on_skip: (error) => {
      codes.push(error?.code);
      return undefined;
    },
  });
  return codes.includes('CSV_INVALID_CLOSING_QUOTE') || codes.includes('CSV_QUOTE_NOT_CLOSED');
}

function cutFirstLine(raw: string): [string, string] {
  const end = /\r\n|\n|\r/.exec(raw);
  return end === null ? [raw, ''] : [raw.slice(0, end.index), raw.slice(end.index + end[0].length)];
}

function problemIn(text: string, columns: number): string | undefined {
  try {
    const [record] = parse(text, csvOptions) as unknown as RawRecord[];
    return record && problemOf(record, columns);
  } catch {
    return 'a quote is opened and not closed';
  }
}

function reread(text: string, firstLine: number, columns: number): CsvRecord[] {
  try {
    let line = firstLine;
    return (parse(text, csvOptions) as unknown as RawRecord[]).flatMap((record) => {
      const start = line;
      line += countLines(record.raw);
      return splitBroken(record, start, columns);
    });
  } catch {
    const [first, rest] = cutFirstLine(text);
    const broken = {
      line: firstLine,
      problem: problemIn(first, columns) ?? 'a quote is opened and not closed',
    };
    return rest === '' ? [broken] : [broken, ...reread(rest, firstLine + 1, columns)];
  }
}
