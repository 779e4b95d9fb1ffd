import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A DynamoDB item as the wire has it. fanfold reads and writes it itself, so that number sets stay exact. */
export type Item = Record<string, AttributeValue>;

/** What an attribute can hold, as JavaScript has it. */
export type Value = string | number | boolean | ReadonlySet<number> | Values;

/** An item as JavaScript has it; what is `undefined` is not there. */
export interface Values {
  readonly [name: string]: Value | undefined;
}

const isSet = (value: Value): value is ReadonlySet<number> => value instanceof Set;

export function toAttribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return isSet(value) ? { NS: Array.from(value, String) } : { M: toItem(value) };
}

function fromAttribute({ S, N, BOOL, NS, M }: AttributeValue): Value | undefined {
  if (N !== undefined) return Number(N);
  if (NS !== undefined) return new Set(NS.map(Number));
  return S ?? BOOL ?? (M && fromItem<Values>(M));
}

export function toItem(values: Values): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) item[name] = toAttribute(value);
  }
  return item;
}

/** What is stored is a `T` by the word of whoever reads it, who wrote it too. */
export function fromItem<T>(item: Item): T {
  const values: unknown = Object.fromEntries(
    Object.entries(item).map(([name, attribute]) => [name, fromAttribute(attribute)]),
  );
  return values as T;
}
