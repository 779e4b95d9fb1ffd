import { createHash } from 'node:crypto';

/** The same text for the same JSON, whatever the order of its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** Names what identical requests within a window share. Pure. */
export function fetchKey(request: object, at: number, windowMs: number): string {
  const digest = createHash('sha256').update(canonical(request)).digest('hex');
  return `fetch/${windowMs}/${Math.floor(at / windowMs)}/${digest}`;
}
