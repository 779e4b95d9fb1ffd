import type { IncomingMessage, ServerResponse } from 'node:http';
import { FanfoldError, isFanfoldError } from '../errors.js';
import { asObject } from './asObject.js';
import { type LoopbackServer, serve } from './serve.js';

/** The operations of a service, by AWS's names: a request's JSON in, a reply's out. */
export type JsonOperations = Readonly<
  Record<string, (request: Readonly<Record<string, unknown>>) => unknown>
>;

/** A service that speaks AWS JSON. */
export interface JsonService {
  /** Names the port in errors: `ports.NAME`. */
  readonly name: string;
  readonly version: '1.0' | '1.1';
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  /** What stands before the code of an error, as `NAMESPACE#`. @default nothing */
  readonly errorNamespace?: string;
  readonly operations: JsonOperations;
}

/** More than any request may have: two texts of 256 KiB, or ten entries of events, escaped. */
const MAX_REQUEST_BYTES = 4_194_304;

async function read(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new FanfoldError('ValidationException', 'the request is too large');
    chunks.push(chunk);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch (cause) {
    throw new FanfoldError('SerializationException', 'the request is not JSON', { cause });
  }
  return asObject(body);
}

/** Serves the wire protocol AWS JSON on loopback: the operation is named by a header. */
export function startJsonFront(service: JsonService, port: number): Promise<LoopbackServer> {
  const { name, version, target, errorNamespace, operations } = service;

  function reply(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': `application/x-amz-json-${version}` });
    response.end(JSON.stringify(body));
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [prefix, wanted = ''] = String(request.headers['x-amz-target']).split('.');
    const isServed = prefix === target && Object.hasOwn(operations, wanted);
    const operation = isServed ? operations[wanted] : undefined;
    const body = await read(request);
    if (operation === undefined) {
      const shown = /^\w+$/.test(wanted) ? wanted : 'this operation';
      throw new FanfoldError('UnknownOperationException', `${shown} is not served here`);
    }
    reply(response, 200, await operation(body));
  }

  return serve(name, port, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const code = isFanfoldError(error) ? error.code : 'InternalFailure';
      const message = error instanceof Error ? error.message : String(error);
      const type = errorNamespace === undefined ? code : `${errorNamespace}#${code}`;
      reply(response, isFanfoldError(error) ? 400 : 500, { __type: type, message });
    });
  });
}
