import type { IncomingMessage, ServerResponse } from 'node:http';
import { FanfoldError, isFanfoldError } from '../errors.js';
import { FunctionError } from './functionError.js';
import type { LambdaRunner } from './lambdaRunner.js';
import { MAX_SYNCHRONOUS_BYTES } from './payload.js';
import { type LoopbackServer, serve } from './serve.js';

const statusCodes: Readonly<Record<string, number>> = {
  InvalidRequestContentException: 400,
  ResourceNotFoundException: 404,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
};

function reply(response: ServerResponse, status: number, headers: Record<string, string>, body?: unknown) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  const code = isFanfoldError(error) ? error.code : 'ServiceException';
  const message = error instanceof Error ? error.message : String(error);
  reply(response, statusCodes[code] ?? 500, { 'x-amzn-errortype': code }, { Type: 'User', Message: message });
}

async function readPayload(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_SYNCHRONOUS_BYTES) {
      throw new FanfoldError('RequestTooLargeException', `payload over ${MAX_SYNCHRONOUS_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (cause) {
    throw new FanfoldError('InvalidRequestContentException', 'Could not parse request body into json', {
      cause,
    });
  }
}

async function answer(
  runner: LambdaRunner,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
  if (request.method !== 'POST' || encoded === undefined) {
    throw new FanfoldError('ResourceNotFoundException', `only Invoke is served here, not ${pathname}`);
  }
  // A name, or an ARN that ends in `:function:NAME`, or in `:function:NAME:VERSION`.
  const given = decodeURIComponent(encoded);
  const name = /:function:([^:]+)/.exec(given)?.[1] ?? given;
  const payload = await readPayload(request);
  if (request.headers['x-amz-invocation-type'] === 'Event') {
    const { requestId } = await runner.invokeAsync(name, payload);
    return reply(response, 202, { 'x-amzn-requestid': requestId });
  }
  const headers = { 'x-amz-executed-version': '$LATEST' };
  try {
    reply(response, 200, headers, await runner.invoke(name, payload));
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    reply(response, 200, { ...headers, 'x-amz-function-error': 'Unhandled' }, error.payload);
  }
}

/** Serves `Invoke` for the functions of a runner; no other operation of Lambda's. */
export function startLambdaFront(runner: LambdaRunner, port: number): Promise<LoopbackServer> {
  return serve('lambda', port, (request, response) => {
    answer(runner, request, response).catch((error: unknown) => refuse(response, error));
  });
}
