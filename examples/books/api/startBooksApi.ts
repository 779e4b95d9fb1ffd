import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiFault, type FaultStatus } from './apiFault.js';
import { madeUpVolumes } from './volume.js';

export interface BooksApiOptions {
  /** How long an answer takes, in ms. */
  readonly latencyMs: number;
  readonly seed: number;
  /** Whether it fails and throttles at times. */
  readonly faults: boolean;
}

export interface BooksApi {
  readonly url: string;
  /** How often it gave each bad answer, by status code. */
  readonly faults: Readonly<Record<FaultStatus, number>>;
  stop(): Promise<void>;
}

/** Hundreds of functions connect at once, and this process has other things to do meanwhile: the default of 511 would refuse some. */
const BACKLOG = 4_096;

const reasons = {
  404: 'notFound',
  429: 'rateLimitExceeded',
  500: 'backendError',
  503: 'backendError',
} as const;

function answer(response: ServerResponse, status: number, body: unknown): void {
  const retryAfter = status === 429 ? { 'retry-after': '1' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...retryAfter }).end(JSON.stringify(body));
}

/**
 * A stand-in for Google Books on loopback: `GET /books/v1/volumes?q=intitle:"…"`. The attempt travels in the header
 * `x-attempt`, so that its faults depend on what is asked and not on when.
 */
export async function startBooksApi({ latencyMs, seed, faults }: BooksApiOptions): Promise<BooksApi> {
  const counts = { 404: 0, 429: 0, 500: 0, 503: 0 };
  const pending = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      work();
    }, ms);
    pending.add(timer);
  };

  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const title = /intitle:"([^"]*)"/.exec(url.searchParams.get('q') ?? '')?.[1];
    if (request.method !== 'GET' || url.pathname !== '/books/v1/volumes' || title === undefined) {
      answer(response, 400, {
        error: { code: 400, message: 'expected GET /books/v1/volumes?q=intitle:"…"' },
      });
      return;
    }
    const fault = faults ? apiFault(seed, title, Number(request.headers['x-attempt'] ?? 1)) : undefined;
    if (fault) counts[fault.status] += 1;
    later(latencyMs * (fault?.latencyShare ?? 1), () => {
      if (!fault) answer(response, 200, madeUpVolumes(title));
      else answer(response, fault.status, { error: { code: fault.status, message: reasons[fault.status] } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults: counts,
    stop: () =>
      new Promise((resolve) => {
        for (const timer of pending) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
