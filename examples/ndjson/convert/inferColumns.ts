import type { Row } from './readRows.js';

/** The types of Parquet that JSON's values become; `JSON` takes whatever is nested or mixed. */
export type ColumnType = 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'STRING' | 'JSON';

/** The columns in the order in which their names were met first. */
export type Columns = ReadonlyMap<string, ColumnType>;

function typeOf(value: unknown): ColumnType {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'INT64' : 'DOUBLE';
  return 'JSON';
}

function widen(known: ColumnType | undefined, found: ColumnType): ColumnType {
  if (known === undefined || known === found) return found;
  const areNumbers = [known, found].every((type) => type === 'INT64' || type === 'DOUBLE');
  return areNumbers ? 'DOUBLE' : 'JSON';
}

/** Learns the columns from one row after another; a column that is null everywhere is one of strings. */
export function createColumnInference(): { add(row: Row): void; columns(): Columns } {
  const types = new Map<string, ColumnType | undefined>();
  return {
    add(row) {
      for (const [name, value] of Object.entries(row)) {
        const known = types.get(name);
        types.set(name, value === null ? known : widen(known, typeOf(value)));
      }
    },
    columns: () => new Map(Array.from(types, ([name, type]) => [name, type ?? 'STRING'])),
  };
}

/** A value as the writer wants it for its column. */
export function toCell(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  return type === 'INT64' ? BigInt(value as number) : value;
}
