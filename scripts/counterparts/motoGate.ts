import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import { isDoneAlone, withoutHeartbeats } from './motoDefects.js';

export interface MotoGateOptions {
  readonly motoPort: number;
  /** Where the functions of the suite under test are served. */
  readonly lambdaPort: number;
}

export interface MotoGate {
  readonly port: number;
  stop(): Promise<void>;
}

interface Call {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const LOOPBACK = '127.0.0.1';

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forward(port: number, { method, path, headers, body }: Call): Promise<Answer> {
  const onward = openRequest({ host: LOOPBACK, port, method, path, headers, agent: false });
  onward.end(body);
  const [reply] = (await once(onward, 'response')) as [IncomingMessage];
  return { status: reply.statusCode ?? 502, headers: reply.headers, body: await readAll(reply) };
}

/**
 * Stands in front of moto: hands what its Step Functions interpreter invokes to the functions of a suite, keeps calls
 * from getting into each other's way, and takes heartbeats out of state machines.
 */
export async function startMotoGate({ motoPort, lambdaPort }: MotoGateOptions): Promise<MotoGate> {
  let last: Promise<unknown> = Promise.resolve();
  const alone = (call: Call): Promise<Answer> => {
    const answer = last.then(() => forward(motoPort, call));
    last = answer.catch(() => {});
    return answer;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const target = String(headers['x-amz-target']);
    const body = withoutHeartbeats(target, await readAll(request));
    const call = { method, path, headers: { ...headers, 'content-length': String(body.length) }, body };
    const isInvocation = path?.startsWith('/2015-03-31/functions/') ?? false;
    const sendOn = () => (isInvocation ? forward(lambdaPort, call) : forward(motoPort, call));
    const reply = await (isDoneAlone(target) ? alone(call) : sendOn());
    const { connection, 'transfer-encoding': _encoding, ...kept } = reply.headers;
    // The interpreter makes it a part of what lambda:invoke gives back.
    response.writeHead(reply.status, {
      'x-amzn-requestid': randomUUID(),
      ...kept,
      'content-length': reply.body.length,
    });
    response.end(reply.body);
  }

  const server = createServer((request, response) => {
    // The client sees a connection that broke, and tries again.
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate has no port');
  return {
    port: address.port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
