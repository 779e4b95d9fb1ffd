import { randomUUID } from 'node:crypto';

/** A name that nobody else uses, in a place that others may use too. */
export const ownName = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
