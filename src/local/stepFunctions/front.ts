import { startJsonFront } from '../jsonFront.js';
import type { LoopbackServer } from '../serve.js';
import type { Operations } from './operations.js';

/** Serves Step Functions' wire protocol, AWS JSON 1.0. */
export function startStepFunctionsFront(operations: Operations, port: number): Promise<LoopbackServer> {
  const wire = { version: '1.0', target: 'AWSStepFunctions' } as const;
  const errorNamespace = 'com.amazonaws.swf.service.v2.model';
  return startJsonFront({ name: 'sfn', ...wire, errorNamespace, operations }, port);
}
