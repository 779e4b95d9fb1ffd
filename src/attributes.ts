import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A DynamoDB item as the wire has it. fanfold reads and writes it itself, so that number sets stay exact. */
export type Item = Record<string, AttributeValue>;

export const toN = (value: number): AttributeValue => ({ N: String(value) });
export const toS = (value: string): AttributeValue => ({ S: value });
export const toNS = (values: Iterable<number>): AttributeValue => ({ NS: Array.from(values, String) });
export const toBool = (value: boolean): AttributeValue => ({ BOOL: value });

/** A number, where the item has one. */
export function readN(item: Item, name: string): number | undefined {
  const text = item[name]?.N;
  return text === undefined ? undefined : Number(text);
}

/** A string, where the item has one. */
export function readS(item: Item, name: string): string | undefined {
  return item[name]?.S;
}

/** A number set; empty where the item has none, because DynamoDB keeps no empty sets. */
export function readNS(item: Item, name: string): ReadonlySet<number> {
  return new Set((item[name]?.NS ?? []).map(Number));
}

export function readBool(item: Item, name: string): boolean {
  return item[name]?.BOOL === true;
}
