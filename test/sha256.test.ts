import { describe, expect, it } from 'vitest';
import { sha256 } from '../src/sha256.js';

describe('sha256', () => {
  // From FIPS 180-2, appendix B.1.
  const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('is that of the standard, of texts and of bytes', () => {
    expect(sha256('abc')).toBe(ABC);
    expect(sha256(Uint8Array.of(0x61, 0x62, 0x63))).toBe(ABC);
  });
});
