// Encryption at rest: AES-256-GCM, a fresh nonce for each write, bound to its row and column so that two cells cannot be swapped.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '../../base/fault.ts';

export interface Cipher {
  /** @param place  row id and column: a cell moved elsewhere does not open */
  encrypt(value: unknown, place: string): Uint8Array;
  /** @throws Fault E_STORE_KEY when the key is another one, or the cell was changed or moved */
  decrypt(cell: Uint8Array, place: string): unknown;
  /** A key to find a row by: equal for equal names, and no name can be tried out on it without the encryption key. */
  hide(name: string): string;
}

const FORM = 1;
const NONCE = 12;
const TAG = 16;

/** @param key  32 bytes */
export function createCipher(key: Uint8Array): Cipher {
  const names = Buffer.from(hkdfSync('sha256', key, '', 'runtask store: names', 32));
  return {
    hide: (name) => createHmac('sha256', names).update(name).digest('base64url'),
    encrypt(value, place) {
      // 96 random bits: safe for 2^32 writes under one key (NIST SP 800-38D, 8.3), a hundred years at our rates.
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(FORM), nonce, cipher.getAuthTag(), text]);
    },
    decrypt(cell, place) {
      const bytes = Buffer.from(cell);
      if (bytes[0] !== FORM || bytes.length < 1 + NONCE + TAG) throw unreadable(new Error('not a cell of this form'));
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE))
          .setAAD(Buffer.from(place))
          .setAuthTag(bytes.subarray(1 + NONCE, 1 + NONCE + TAG));
        const text = Buffer.concat([decipher.update(bytes.subarray(1 + NONCE + TAG)), decipher.final()]);
        return JSON.parse(text.toString('utf8')) as unknown;
      } catch (thrown) {
        throw unreadable(thrown);
      }
    },
  };
}

const unreadable = (cause: unknown): Fault =>
  new Fault('E_STORE_KEY', 'The store cannot be read with this encryption_key: use the key with which it was written, or a new folder', {
    retryable: false,
    cause,
  });
