/** Marks what JSON does not have; an object of the user's with this field is wrapped, so that it comes back as it was. */
const TAG = '$fanfold';

const tagged = (type: string, value?: unknown) => ({ [TAG]: type, value });
const isOddNumber = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

function encodeObject(value: object, path: string, above: readonly object[]): unknown {
  if (above.includes(value)) throw new TypeError(`${path}: a cycle`);
  const inside = [...above, value];
  if (value instanceof Date) {
    return tagged('Date', Number.isNaN(value.getTime()) ? null : value.toISOString());
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return encode(toJSON.call(value, ''), path, inside);
  if (Array.isArray(value)) {
    return Array.from(value, (element, position) => encode(element, `${path}[${position}]`, inside));
  }
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    throw new TypeError(`${path}: a ${value.constructor.name}`);
  }
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    encode(field, `${path}.${name}`, inside),
  ]);
  const plain: unknown = Object.fromEntries(fields);
  return Object.hasOwn(value, TAG) ? tagged('object', plain) : plain;
}

function encode(value: unknown, path: string, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'undefined':
      return tagged('undefined');
    case 'number':
      return isOddNumber(value) ? tagged('number', Object.is(value, -0) ? '-0' : String(value)) : value;
    case 'bigint':
    case 'function':
    case 'symbol':
      throw new TypeError(`${path}: a ${typeof value}`);
    case 'object':
      return value === null ? null : encodeObject(value, path, above);
    default:
      return value;
  }
}

function decodePlain(value: object): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, decode(field)]));
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  if (!Object.hasOwn(value, TAG)) return decodePlain(value);
  const { [TAG]: type, value: inner } = value as { [TAG]?: unknown; value?: unknown };
  switch (type) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(inner);
    case 'Date':
      return new Date(typeof inner === 'string' ? inner : Number.NaN);
    default:
      return typeof inner === 'object' && inner !== null ? decodePlain(inner) : inner;
  }
}

/**
 * A value as text that {@link decodeValue} turns back into the same value: JSON, with `undefined`, Dates, NaN,
 * infinities and -0 kept. What has a `toJSON` comes back as what that gives, an instance of a class as a plain object.
 *
 * @throws TypeError that names the place, for a BigInt, a function, a symbol, a cycle, a Map, a Set or binary data:
 * nothing is dropped silently. RangeError where it is nested too deep.
 */
export function encodeValue(field: string, value: unknown): string {
  return JSON.stringify(encode(value, field, []));
}

export function decodeValue(text: string): unknown {
  return decode(JSON.parse(text));
}
