/** A JSON object: neither `null` nor an array. */
export type JsonObject = { readonly [name: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A field that the object really has: `undefined` for what it inherits, so that `{ "__proto__": … }` and names such
 * as `constructor` in untrusted JSON are never mistaken for fields.
 */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The same, of anything: `undefined` when there is no object to look into. */
export function fieldOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? ownField(value, name) : undefined;
}
