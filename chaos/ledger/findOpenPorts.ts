import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 2_000;
const EVERY_MS = 50;

function isOpen(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The endpoints where something still listens when it no longer should, after a short while to go. */
export async function findOpenPorts(endpoints: readonly string[]): Promise<string[]> {
  const open = new Set(endpoints);
  for (const endsAt = Date.now() + LIMIT_MS; open.size > 0; await sleep(EVERY_MS)) {
    for (const endpoint of open) if (!(await isOpen(endpoint))) open.delete(endpoint);
    if (Date.now() > endsAt) break;
  }
  return [...open];
}
