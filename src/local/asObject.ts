/** JSON that is an object: neither `null` nor an array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that a value should be; an empty one where it is none. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) ? { ...value } : {};
