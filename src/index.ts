export * from './aggregation/index.js';
export { type Envelope, type ItemAddress, toEnvelope } from './envelope.js';
export { FanfoldError, type FanfoldErrorOptions, isFanfoldError, NonRetryableError } from './errors.js';
export * from './fanout/index.js';
export * from './invocation/index.js';
export * from './jobs/index.js';
export { INDEX_NAME, type TableDefinition, TTL_ATTRIBUTE, tableDefinition } from './table.js';
