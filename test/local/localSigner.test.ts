import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createLocalSigner } from '../../src/local/localSigner.js';

describe('createLocalSigner', () => {
  it('makes what is recognised as a signature of the region, and hashes nothing', async () => {
    const request = await createLocalSigner('eu-north-1').sign({ method: 'POST', headers: { host: 'a' } });
    expect(request).toEqual({
      method: 'POST',
      headers: {
        host: 'a',
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-north-1\//),
        'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      },
    });
  });

  it('is what a client signs with', async () => {
    const headers: Record<string, string>[] = [];
    const client = new SQSClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      signer: createLocalSigner('us-east-1'),
    });
    client.middlewareStack.add(
      () => async (args) => {
        headers.push((args.request as { headers: Record<string, string> }).headers);
        throw new Error('not sent');
      },
      { step: 'deserialize', priority: 'low' },
    );
    await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow('not sent');
    expect(headers[0]?.authorization).toContain('Signature=0');
  });
});
