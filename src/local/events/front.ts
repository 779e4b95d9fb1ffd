import { startJsonFront } from '../jsonFront.js';
import type { LoopbackServer } from '../serve.js';
import type { InternalEvents } from './createEvents.js';

/** Serves EventBridge's wire protocol, AWS JSON 1.1; no operation but `PutEvents`. */
export function startEventsFront({ putEvents }: InternalEvents, port: number): Promise<LoopbackServer> {
  const wire = { version: '1.1', target: 'AWSEvents' } as const;
  return startJsonFront({ name: 'events', ...wire, operations: { PutEvents: putEvents } }, port);
}
