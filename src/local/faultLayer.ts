import type { FaultPlan } from './faults.js';
import { type InvocationScopes, never } from './invocationScope.js';
import { discard, type LocalService, type WireLayer, type WireReply } from './wire.js';

const json = { 'content-type': 'application/x-amz-json-1.0' };

/** How each service says "slower": with a code that the SDK takes for throttling, and tries again. */
const throttlingReplies: Readonly<Record<LocalService, () => WireReply['response']>> = {
  dynamodb: () => ({
    statusCode: 400,
    headers: { ...json },
    body: Buffer.from(
      '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"The level of configured provisioned throughput for the table was exceeded."}',
    ),
  }),
  sqs: () => ({
    statusCode: 400,
    headers: { ...json },
    body: Buffer.from('{"__type":"com.amazonaws.sqs#RequestThrottled","message":"Rate exceeded."}'),
  }),
  lambda: () => ({
    statusCode: 429,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
    body: Buffer.from('{"Type":"User","message":"Rate Exceeded."}'),
  }),
  sfn: () => ({
    statusCode: 400,
    headers: { ...json },
    body: Buffer.from(
      '{"__type":"com.amazonaws.swf.service.v2.model#ThrottlingException","message":"Rate exceeded"}',
    ),
  }),
  events: () => ({
    statusCode: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from('{"__type":"ThrottlingException","message":"Rate exceeded"}'),
  }),
  s3: () => ({
    statusCode: 503,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>',
    ),
  }),
};

/** The error that the SDK's own handler makes of a connection that the other side reset. */
function connectionReset(): Error {
  const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  error.name = 'TimeoutError';
  return error;
}

/** Does to calls what the plan decides: delays, refuses, loses them or their replies, kills the invocation around them. */
export function createFaultLayer(plan: FaultPlan, scopes: InvocationScopes): WireLayer {
  return async ({ service, operation }, next) => {
    const latencyMs = plan.latencyMs();
    if (latencyMs > 0) {
      plan.happened('latency');
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
    }
    const scope = scopes.getStore();
    if (scope?.dead) return never();
    const fault = plan.onCall(service, operation, scope?.deliveryIds);
    if (fault === undefined) return next();
    plan.happened(fault);
    if (fault === 'throttle') return { response: throttlingReplies[service]() };
    if (fault === 'resetBefore') throw connectionReset();
    if (fault !== 'killBefore') discard(await next());
    if (fault === 'resetAfter') throw connectionReset();
    scope?.kill();
    return never();
  };
}
