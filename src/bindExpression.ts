import { type Item, toAttribute, type Values } from './attributes.js';

/** What stands for the placeholders of an expression, as DynamoDB takes it. */
export interface Bound {
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
}

/**
 * Binds the `#names` and `:values` of expressions. A name stands for itself, so that no reserved word bites, or for what
 * `names` says: a key of a map can be any text. Of `values` only those are taken that an expression mentions.
 */
export function bindExpression(
  expression: string,
  values: Values,
  names: Readonly<Record<string, string>> = {},
): Bound {
  const bound: Bound = { ExpressionAttributeNames: {}, ExpressionAttributeValues: {} };
  for (const placeholder of expression.match(/[#:]\w+/g) ?? []) {
    const word = placeholder.slice(1);
    const value = values[word];
    if (placeholder.startsWith('#')) bound.ExpressionAttributeNames[placeholder] = names[word] ?? word;
    else if (value !== undefined) bound.ExpressionAttributeValues[placeholder] = toAttribute(value);
  }
  return bound;
}
