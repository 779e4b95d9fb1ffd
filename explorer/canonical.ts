/** A text that is the same for equal values: sets and maps are sorted, functions do not occur. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (part instanceof Set) return { set: [...part].sort() };
      if (part instanceof Map) return { map: [...part].sort(([a], [b]) => (a < b ? -1 : 1)) };
      if (part instanceof Uint8Array) return { bytes: Buffer.from(part).toString('base64') };
      return part;
    }) ?? 'undefined'
  );
}

/** Gives equal texts the same small number. */
export function createInterner(): { idOf(text: string): number; size(): number } {
  const ids = new Map<string, number>();
  return {
    idOf(text) {
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, ids.size);
      return ids.size - 1;
    },
    size: () => ids.size,
  };
}
