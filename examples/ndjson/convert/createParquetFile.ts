import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type Columns, toCell } from './inferColumns.js';
import type { Row } from './readRows.js';

/** A Parquet file on disk, written row group by row group. */
export interface ParquetFile {
  add(row: Row, sourceKey: string): Promise<void>;
  /** Writes the rows that are in memory as a row group of their own. */
  writeGroup(): Promise<void>;
  /** Writes what is left and the footer; answers how many rows it has. */
  finish(): Promise<number>;
}

/** Rows that are in memory together at most. */
const ROW_GROUP_ROWS = 10_000;

/** Names the column that says where a row came from: one that no row has. */
function sourceColumn(columns: Columns): string {
  let name = '_source_key';
  while (columns.has(name)) name = `_${name}`;
  return name;
}

/** Opens a file of these columns, and one more with the key of each row's file. */
export function createParquetFile(path: string, columns: Columns): ParquetFile {
  const typed = [...columns].map(([name, type]) => ({ name, type, nullable: true }));
  const source = { name: sourceColumn(columns), type: 'STRING' as const, nullable: false };
  const schema = schemaFromColumnData({
    columnData: [...typed, source].map((column) => ({ ...column, data: [] })),
  });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema,
    createdBy: 'fanfold examples/ndjson',
  });
  let [total, rows, keys]: [number, Row[], string[]] = [0, [], []];

  async function writeGroup(): Promise<void> {
    if (rows.length === 0) return;
    const columnData = typed.map(({ name, type }) => ({
      name,
      // A row's own fields only: a column can be named like something that every object has.
      data: rows.map((row) => toCell(Object.hasOwn(row, name) ? row[name] : null, type)),
    }));
    await writer.write({
      columnData: [...columnData, { name: source.name, data: keys }],
      rowGroupSize: rows.length,
    });
    total += rows.length;
    [rows, keys] = [[], []];
  }

  return {
    writeGroup,
    async add(row, sourceKey) {
      rows.push(row);
      keys.push(sourceKey);
      if (rows.length === ROW_GROUP_ROWS) await writeGroup();
    },
    async finish() {
      await writeGroup();
      await writer.finish();
      return total;
    },
  };
}
