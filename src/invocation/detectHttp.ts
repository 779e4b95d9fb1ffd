import { isJsonObject, type JsonObject, ownField } from './ownField.js';

/** An HTTP request, from whichever front door; `event` has what the others do not share. */
export interface HttpInvocation {
  readonly mode: 'http';
  /** `rest` is also what an HTTP API sends in payload format 1.0. */
  readonly frontDoor: 'rest' | 'http-api' | 'function-url' | 'alb';
  readonly method: string;
  readonly path: string;
  /** As they came: REST and HTTP APIs differ in the case of the names. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly event: JsonObject;
}

function toInvocation(
  event: JsonObject,
  frontDoor: HttpInvocation['frontDoor'],
  method: string,
  path: unknown,
): HttpInvocation {
  const headers = ownField(event, 'headers');
  const body = ownField(event, 'body');
  return {
    mode: 'http',
    frontDoor,
    method,
    path: typeof path === 'string' ? path : '/',
    headers: isJsonObject(headers) ? (headers as HttpInvocation['headers']) : {},
    body: typeof body === 'string' ? body : undefined,
    isBase64Encoded: ownField(event, 'isBase64Encoded') === true,
    event,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Recognises REST APIs, HTTP APIs (both payload formats), function URLs and Application Load Balancers. Authorizers
 * and WebSocket events look alike but expect another answer, so they are not HTTP.
 */
export function detectHttp(event: JsonObject): HttpInvocation | undefined {
  const request = ownField(event, 'requestContext');
  if (!isJsonObject(request)) return undefined;
  const isAuthorizer = isText(ownField(event, 'methodArn')) || isText(ownField(event, 'routeArn'));
  if (isAuthorizer || isText(ownField(request, 'connectionId'))) return undefined;

  const http = ownField(request, 'http');
  if (ownField(event, 'version') === '2.0' && isJsonObject(http)) {
    const method = ownField(http, 'method');
    if (!isText(method)) return undefined;
    const isFunctionUrl = /\.lambda-url\.[a-z0-9-]+\.on\.aws/.test(String(ownField(request, 'domainName')));
    const path = ownField(event, 'rawPath') ?? ownField(http, 'path');
    return toInvocation(event, isFunctionUrl ? 'function-url' : 'http-api', method, path);
  }

  const method = ownField(event, 'httpMethod');
  const path = ownField(event, 'path');
  if (!isText(method) || !isText(path)) return undefined;
  if (isJsonObject(ownField(request, 'elb'))) return toInvocation(event, 'alb', method, path);
  const isApiGateway = ['requestId', 'apiId', 'stage', 'resourcePath'].some((name) =>
    isText(ownField(request, name)),
  );
  return isApiGateway ? toInvocation(event, 'rest', method, path) : undefined;
}
