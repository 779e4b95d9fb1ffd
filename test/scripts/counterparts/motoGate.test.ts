import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MotoGate, startMotoGate } from '../../../scripts/counterparts/motoGate.js';

interface Seen {
  readonly target: string | undefined;
  readonly path: string | undefined;
  readonly body: string;
}

let gate: MotoGate;
let servers: Server[];
let seen: Seen[];
let [underWay, most] = [0, 0];
/** Calls wait at the fake moto until so many are under way. */
let together = 1;
let waiting: (() => void)[] = [];

async function listen(name: string): Promise<number> {
  const server = createServer(async (request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    const target = request.headers['x-amz-target'];
    seen.push({ target: String(target), path: request.url, body: await text(request) });
    if (target === 'DynamoDB_20120810.Break') {
      underWay -= 1;
      response.destroy();
      return;
    }
    if (underWay >= together) for (const go of waiting.splice(0)) go();
    else await new Promise<void>((resolve) => waiting.push(resolve));
    underWay -= 1;
    response.writeHead(201, { 'x-served-by': name, connection: 'close' }).end(`from ${name}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  [servers, seen, waiting, underWay, most, together] = [[], [], [], 0, 0, 1];
  gate = await startMotoGate({ motoPort: await listen('moto'), lambdaPort: await listen('lambda') });
});
afterEach(async () => {
  await gate.stop();
  for (const server of servers) server.close();
});

const call = (target: string, body = '{}', path = '/') =>
  fetch(`http://127.0.0.1:${gate.port}${path}`, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body,
  });
const all = (targets: readonly string[]) => Promise.all(targets.map((target) => call(target)));

describe('the gate in front of moto', () => {
  it('hands on a call and its answer', async () => {
    const reply = await call('AWSStepFunctions.DescribeExecution', '{"a":"é"}', '/path?query=1');
    expect([reply.status, reply.headers.get('x-served-by'), await reply.text()]).toEqual([
      ...[201, 'moto', 'from moto'],
    ]);
    expect(seen).toEqual([
      { target: 'AWSStepFunctions.DescribeExecution', path: '/path?query=1', body: '{"a":"é"}' },
    ]);
  });

  it('lets no two calls of DynamoDB or changes of queues be under way at once', async () => {
    const targets = ['DynamoDB_20120810.UpdateItem', 'DynamoDB_20120810.Query', 'AmazonSQS.SendMessageBatch'];
    await all([...targets, ...targets, 'AmazonSQS.DeleteMessage']);
    expect([seen.length, most]).toEqual([7, 1]);
  });

  it('lets receives wait beside all others', async () => {
    together = 3;
    await all(['AmazonSQS.ReceiveMessage', 'AmazonSQS.ReceiveMessage', 'DynamoDB_20120810.GetItem']);
    expect(most).toBe(3);
  });

  it('goes on after a call that broke', async () => {
    const [broken, next] = [call('DynamoDB_20120810.Break'), call('DynamoDB_20120810.GetItem')];
    await expect(broken).rejects.toThrow();
    expect((await next).status).toBe(201);
  });

  it('hands invocations to the functions, with the id that every answer of Lambda has', async () => {
    const reply = await call('', '{"ticker":"AMZN"}', '/2015-03-31/functions/worker/invocations');
    expect(reply.headers.get('x-served-by')).toBe('lambda');
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[\da-f-]{36}$/);
    expect(seen).toMatchObject([{ body: '{"ticker":"AMZN"}' }]);
  });

  it('takes heartbeats out of state machines, however deep they stand', async () => {
    const state = { Type: 'Task', TimeoutSeconds: 60 };
    const expecting = { ...state, HeartbeatSeconds: 5 };
    const machine = (inner: object) => JSON.stringify({ States: { A: inner, B: { Branches: [{ inner }] } } });
    const request = { name: 'a', definition: machine(expecting) };
    await call('AWSStepFunctions.CreateStateMachine', JSON.stringify(request));
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ name: 'a', definition: machine(state) });
  });
});
