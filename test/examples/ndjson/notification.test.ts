import { describe, expect, it } from 'vitest';
import { fileId } from '../../../examples/ndjson/fileId.js';
import { filesOf, notificationSchema } from '../../../examples/ndjson/notification.js';

const record = (key: string, eventName = 'ObjectCreated:Put', size?: number) => ({
  eventName,
  s3: { bucket: { name: 'files' }, object: { key, ...(size === undefined ? {} : { size }) } },
});
const read = (...records: unknown[]) => filesOf(notificationSchema.parse({ Records: records }));

describe('a notification of S3', () => {
  it('names files by URL-encoded keys', () => {
    expect(read(record('in/day+1%2B/caf%C3%A9.ndjson', 'ObjectCreated:Put', 7))).toEqual([
      { bucket: 'files', key: 'in/day 1+/café.ndjson', size: 7 },
    ]);
  });

  it('can hold several records, of which only new .ndjson files count', () => {
    const created = record('b.ndjson', 'ObjectCreated:CompleteMultipartUpload', 0);
    const others = [record('a.ndjson', 'ObjectRemoved:Delete'), record('c.parquet', 'ObjectCreated:Copy', 1)];
    expect(read(...others, created).map(({ key }) => key)).toEqual(['b.ndjson']);
  });

  it('is nothing but a trial when S3 has a new configuration', () => {
    expect(filesOf(notificationSchema.parse({ Service: 'Amazon S3', Event: 's3:TestEvent' }))).toEqual([]);
  });

  it.each([
    [{}],
    [{ Records: [{ eventName: 'ObjectCreated:Put' }] }],
    [{ Records: [{ ...record('a.ndjson'), s3: { bucket: { name: '../x' }, object: { key: 'a.ndjson' } } }] }],
    [{ Records: [record('', 'ObjectCreated:Put', 1)] }],
    [{ Records: [record('a.ndjson', 'ObjectCreated:Put', -1)] }],
  ])('is refused when it is not whole: %j', (body) => {
    expect(notificationSchema.safeParse(body).success).toBe(false);
  });

  it('is refused when its key is not URL-encoded', () => {
    expect(() => read(record('%E0%A4%A.ndjson'))).toThrow(/s3.object.key: expected a URL-encoded key/);
  });
});

describe('the id of a file', () => {
  it('is its bucket and key, or a hash of them where that is no id', () => {
    expect(fileId({ bucket: 'files', key: 'a b/ü.ndjson' })).toBe('files/a b/ü.ndjson');
    const long = fileId({ bucket: 'files', key: 'x'.repeat(300) });
    expect(long).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(fileId({ bucket: 'files', key: 'x'.repeat(301) })).not.toBe(long);
    expect(fileId({ bucket: 'files', key: 'a\nb' })).toMatch(/^sha256:/);
  });
});
