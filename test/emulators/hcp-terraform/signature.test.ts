import { describe, expect, it } from '@jest/globals';
import { sign } from '../../../src/emulators/hcp-terraform/signature.ts';

describe('sign', () => {
  it('is what openssl computes: openssl dgst -sha512 -hmac a-key-of-enough-length', () => {
    expect(sign(Buffer.from('{"payload_version":1,"run_message":"héllo"}', 'utf8'), 'a-key-of-enough-length')).toBe(
      'c6ca3442b0a9cf06bcb4a46b896cbf23e75d9694c76127af365091f52095d55355366ff4635e8d7bb6f10e3b0f607ef5ef3b85c09a7888fb331ba2c1560d7887',
    );
  });

  it('is empty without a key', () => {
    expect(sign(Buffer.from('{}'), null)).toBe('');
  });
});
