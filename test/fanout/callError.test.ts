import { describe, expect, it } from 'vitest';
import { readCallError } from '../../src/fanout/callError.js';
import { serviceError } from './fakeQueue.js';

describe('readCallError', () => {
  it.each([
    serviceError('RequestThrottled', 400),
    serviceError('KmsThrottled', 400),
    serviceError('ThrottlingException', 400),
    serviceError('Unknown', 429),
    serviceError('Unknown', 503),
    Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
    Object.assign(new Error('dns'), { code: 'EAI_AGAIN' }),
    Object.assign(new Error('slow'), { name: 'TimeoutError' }),
    new Error('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
    Object.assign(serviceError('Odd', 400), { $retryable: {} }),
  ])("calls %s retryable, and nobody's fault", (error) => {
    expect(readCallError(error)).toMatchObject({ retryable: true, isFinal: false, senderFault: false });
  });

  it.each([
    serviceError('AccessDenied', 403),
    serviceError('AccessDeniedException', 400),
    serviceError('QueueDoesNotExist', 400),
    serviceError('AWS.SimpleQueueService.NonExistentQueue', 400),
    serviceError('KmsDisabled', 400),
    serviceError('ExpiredTokenException', 400),
    serviceError('Odd', 403),
    Object.assign(new Error('none'), { name: 'CredentialsProviderError' }),
  ])('calls %s final', (error) => {
    expect(readCallError(error)).toMatchObject({ retryable: false, isFinal: true });
  });

  it('blames the request for what SQS found wrong with it', () => {
    expect(readCallError(serviceError('InvalidParameterValue', 400))).toEqual({
      code: 'InvalidParameterValue',
      message: 'InvalidParameterValue happened',
      senderFault: true,
      retryable: false,
      isFinal: false,
    });
  });

  it.each([
    null,
    undefined,
    'text',
    5,
    {},
    new TypeError('bug'),
    Object.assign(new Error('x'), { name: 'AbortError', code: 'ECONNRESET' }),
  ])('reads anything that can be thrown (%s) as neither retryable nor final', (thrown) => {
    const read = readCallError(thrown);
    expect(read).toMatchObject({ retryable: false, isFinal: false, senderFault: false });
    expect(read.code).not.toBe('');
  });

  it("takes the code of the system where the name says nothing, without SQS's old prefix", () => {
    expect(readCallError(Object.assign(new Error('x'), { code: 'ECONNRESET' })).code).toBe('ECONNRESET');
    expect(readCallError(serviceError('AWS.SimpleQueueService.BatchRequestTooLong', 400)).code).toBe(
      'BatchRequestTooLong',
    );
  });
});
