export type { LocalClientConfig } from './clientConfig.js';
export { type Local, type LocalOptions, startLocal } from './startLocal.js';
export type { LocalService } from './wire.js';
