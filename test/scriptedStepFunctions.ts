import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';

/** What Step Functions answers: a body, an error by its name, or a connection that breaks after the call was applied. */
export type ScriptedReply =
  | { readonly body: object }
  | { readonly error: string; readonly message?: string; readonly status?: number }
  | 'drop';

export interface ScriptedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

export interface ScriptedStepFunctions {
  readonly client: SFNClient;
  readonly calls: ScriptedCall[];
  stop(): Promise<void>;
}

/** A server that speaks Step Functions' JSON protocol and follows a script, with a real client of it. */
export async function startScriptedStepFunctions(
  script: (call: ScriptedCall, count: number) => ScriptedReply,
): Promise<ScriptedStepFunctions> {
  const calls: ScriptedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
      const input = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ScriptedCall['input'];
      const call = { operation, input };
      calls.push(call);
      const reply = script(call, calls.length);
      if (reply === 'drop') {
        request.socket.destroy();
        return;
      }
      const isError = 'error' in reply;
      const body = isError
        ? {
            __type: `com.amazonaws.states#${reply.error}`,
            message: reply.message ?? `${reply.error} happened`,
          }
        : reply.body;
      response.writeHead(isError ? (reply.status ?? 400) : 200, {
        'content-type': 'application/x-amz-json-1.0',
      });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new SFNClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    calls,
    async stop() {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
