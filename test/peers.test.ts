import { describe, expect, it } from 'vitest';
import { missingPeer } from '../src/peers.js';

describe('missingPeer', () => {
  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('names the package to install on %s', (code) => {
    const cause = Object.assign(new Error("Cannot find package '@aws-sdk/client-sqs'"), { code });
    expect(() => missingPeer('@aws-sdk/client-sqs')(cause)).toThrow(
      expect.objectContaining({
        code: 'MissingPeer',
        message: expect.stringContaining('npm install @aws-sdk/client-sqs'),
        cause,
      }),
    );
  });

  it('passes on any other failure to load, a missing dependency of the package included', () => {
    const broken = new SyntaxError('Unexpected token');
    const inner = Object.assign(new Error("Cannot find package 'tslib'"), { code: 'ERR_MODULE_NOT_FOUND' });
    for (const error of [broken, inner])
      expect(() => missingPeer('@aws-sdk/client-sqs')(error)).toThrow(error);
  });
});
