import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3ClaimCheck } from '../src/claimCheck.js';
import { type Local, startLocal } from '../src/local/index.js';

describe('s3ClaimCheck', () => {
  let local: Local;
  let client: S3Client;
  const bucket = `claims-${randomUUID()}`;
  beforeAll(async () => {
    local = await startLocal();
    client = new S3Client(local.clientConfig('s3'));
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => local.stop());

  it('gives back the text that was put, under the prefix', async () => {
    const claims = s3ClaimCheck({ client, bucket, prefix: 'jobs/' });
    const text = JSON.stringify({ value: 'ü'.repeat(300_000) });
    await claims.put('a%2Fb/0-1.json', text);
    expect(await claims.get('a%2Fb/0-1.json')).toBe(text);
    expect(await s3ClaimCheck({ client, bucket, prefix: '' }).get('jobs/a%2Fb/0-1.json')).toBe(text);
  });

  it('rejects where there is no such object', async () => {
    await expect(s3ClaimCheck({ client, bucket }).get('never')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('names what is wrong before any call', () => {
    expect(() => s3ClaimCheck({ client: {} as never, bucket })).toThrow(/^client: expected a client of S3/);
    expect(() => s3ClaimCheck({ client, bucket: '' })).toThrow(/^bucket: expected/);
  });
});
