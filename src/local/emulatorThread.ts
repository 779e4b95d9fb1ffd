/**
 * What the emulators' thread runs, as source text: a file of its own could not be loaded from TypeScript sources and
 * from both builds alike. It starts dynalite and fauxqs on loopback and posts `{ ports }` or `{ error }`.
 *
 * The emulators are found from `workerData.from`, the file that started the thread: text has no place of its own.
 * fauxqs has an entry for `import` only, so its package is looked up by hand. It is put together from its parts,
 * because its own start function listens on every interface and hands out queue URLs of a host (`sqs.REGION.localhost`)
 * that many machines cannot resolve.
 */
export const emulatorThread = `
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { parentPort, workerData } = require('node:worker_threads');

const { from, host, ports } = workerData;
const requireFrom = createRequire(from);

function locate(name) {
  const folder = (requireFrom.resolve.paths(name) || []).map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  if (folder !== undefined) return folder;
  throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
}

async function startDynamoDB() {
  locate('dynalite');
  const server = requireFrom('dynalite')({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports.dynamodb, host, () => resolve(server.address().port));
  });
}

async function startSqsAndS3() {
  const folder = locate('fauxqs');
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = pathToFileURL(join(folder, main));
  const { buildApp } = await import(entry);
  const { SqsStore } = await import(new URL('sqs/sqsStore.js', entry));
  const sqsStore = new SqsStore();
  sqsStore.host = '';
  const app = buildApp({ logger: false, stores: { sqsStore } });
  // A long poll whose client has gone would still take the next message, and nobody would see it.
  app.addHook('onRequest', (request, { raw: response }, done) => {
    response.once('close', () => { if (!response.writableEnded) sqsStore.shutdown(); });
    done();
  });
  await app.listen({ port: ports.sqs, host });
  return app.server.address().port;
}

// One after the other: a port that is taken is then known by its name.
(async () => {
  let service = 'dynamodb';
  try {
    const dynamodb = await startDynamoDB();
    service = 'sqs';
    const sqs = await startSqsAndS3();
    parentPort.postMessage({ ports: { dynamodb, sqs } });
  } catch (error) {
    parentPort.postMessage({ error: { service, code: error.code, message: String(error.message) } });
  }
})();
`;
