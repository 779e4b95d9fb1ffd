import { createServer, type RequestListener } from 'node:http';
import { FanfoldError } from '../errors.js';

/** A server on loopback. */
export interface LoopbackServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Listens on loopback only: nothing here checks credentials.
 *
 * @param service Names the port in errors: `ports.SERVICE`.
 * @throws FanfoldError `PortInUse`
 */
export async function serve(
  service: string,
  port: number,
  listener: RequestListener,
): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        taken ? new FanfoldError('PortInUse', `ports.${service}: port ${port} is in use`, { cause }) : cause,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a listening server has an address');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
