import type { IncomingMessage, ServerResponse } from 'node:http';
import { FanfoldError, isFanfoldError } from '../../errors.js';
import { type LoopbackServer, serve } from '../serve.js';
import type { Operations } from './operations.js';
import { asObject } from './states.js';

/** More than any request may have: two texts of 256 KiB, escaped. */
const MAX_REQUEST_BYTES = 4_194_304;

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new FanfoldError('ValidationException', 'the request is too large');
    chunks.push(chunk);
  }
  try {
    return asObject(JSON.parse(Buffer.concat(chunks).toString() || '{}'));
  } catch (cause) {
    throw new FanfoldError('SerializationException', 'the request is not JSON', { cause });
  }
}

/** Serves Step Functions' wire protocol, AWS JSON 1.0: the operation is named by a header. */
export function startStepFunctionsFront(operations: Operations, port: number): Promise<LoopbackServer> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = /^AWSStepFunctions\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    const body = await read(request);
    if (operation === undefined) {
      throw new FanfoldError('UnknownOperationException', `${name || 'this operation'} is not served here`);
    }
    reply(response, 200, await operation(body));
  }

  return serve('sfn', port, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const code = isFanfoldError(error) ? error.code : 'InternalFailure';
      const message = error instanceof Error ? error.message : String(error);
      reply(response, isFanfoldError(error) ? 400 : 500, {
        __type: `com.amazonaws.swf.service.v2.model#${code}`,
        message,
      });
    });
  });
}
