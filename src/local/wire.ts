import { finished, Readable } from 'node:stream';

/** The services that run locally. */
export type LocalService = 'dynamodb' | 'sqs' | 's3' | 'lambda' | 'sfn' | 'events';

/** A request as the SDK hands it to its HTTP handler: signed, serialised, not yet sent. */
export interface WireRequest {
  method: string;
  path: string;
  query?: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}

/** What the SDK expects back. */
export interface WireReply {
  response: { statusCode: number; headers: Record<string, string>; body?: unknown };
}

/** The SDK's `requestHandler`, by its shape: the class itself lives in a package that is not a peer. */
export interface WireHandler {
  handle(request: WireRequest, options?: object): Promise<WireReply>;
  destroy?(): void;
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): object;
}

/** One call on its way to a service. */
export interface WireCall {
  readonly service: LocalService;
  /** AWS's own name of the operation, such as `UpdateItem`. */
  readonly operation: string;
  readonly request: WireRequest;
}

/** Something that stands between client and server: it may change, delay, refuse or lose the call. */
export type WireLayer = (call: WireCall, next: () => Promise<WireReply>) => Promise<WireReply>;

const s3Operations: Readonly<Record<string, readonly [bucket: string, object: string]>> = {
  GET: ['ListObjectsV2', 'GetObject'],
  PUT: ['CreateBucket', 'PutObject'],
  HEAD: ['HeadBucket', 'HeadObject'],
  DELETE: ['DeleteBucket', 'DeleteObject'],
  POST: ['DeleteObjects', 'MultipartUpload'],
};

/** The name of the operation that a request carries: a header for the JSON services, method and path for S3, one for Lambda. */
export function operationOf(service: LocalService, { method, path, headers }: WireRequest): string {
  if (service === 'lambda') return 'Invoke';
  if (service !== 's3') return headers['x-amz-target']?.split('.')[1] ?? 'Unknown';
  const [onBucket, onObject] = s3Operations[method] ?? ['Unknown', 'Unknown'];
  return /^\/[^/]+\/./.test(path) ? onObject : onBucket;
}

/** The same handler with `layers` in front of it, the first one outermost. */
export function layered(
  service: LocalService,
  inner: WireHandler,
  layers: readonly WireLayer[],
): WireHandler & { metadata: { handlerProtocol: string } } {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle(request, options) {
      const call = { service, operation: operationOf(service, request), request };
      const send = () => inner.handle(request, options);
      return layers.reduceRight<() => Promise<WireReply>>((next, layer) => () => layer(call, next), send)();
    },
    destroy: () => inner.destroy?.(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
  };
}

/** A request's JSON: a string in some versions of the SDK, its bytes in others. */
export function bodyText({ body }: WireRequest): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.length).toString() : '';
}

/** Reads a reply's body to its end, so that its connection can be used again. */
export function discard({ response: { body } }: WireReply): void {
  if (body instanceof Readable) body.resume();
}

/** By events: an iterator costs every call several promises more. */
const readAll = (stream: Readable) =>
  new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    finished(stream, (error) => (error ? reject(error) : resolve(Buffer.concat(chunks))));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  });

/** Replaces a reply's body by its bytes, which the SDK takes as gladly as a stream. */
export async function readBody(reply: WireReply): Promise<Buffer> {
  const { response } = reply;
  if (response.body instanceof Readable) response.body = await readAll(response.body);
  return response.body instanceof Uint8Array ? Buffer.from(response.body) : Buffer.alloc(0);
}
