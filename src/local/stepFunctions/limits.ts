/** Of input and output, in bytes of UTF-8. */
export const MAX_DATA_BYTES = 262_144;
/** Of an execution's history. */
export const MAX_HISTORY_EVENTS = 25_000;
