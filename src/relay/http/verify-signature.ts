// Whether HCP Terraform signed exactly these bytes: hex HMAC-SHA512 over the raw body (HashiCorp, "Run tasks integration",
// 2025-11-19). Takes bytes, never a parsed body: a re-serialised one has another signature.
import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureCheck = 'good' | 'missing' | 'mismatch';

/** @param header  `X-TFC-Task-Signature`; HCP sends it empty for a task without a key */
export function verifySignature(body: Uint8Array, header: string | undefined, keys: readonly string[]): SignatureCheck {
  if (header === undefined || header === '') return 'missing';
  const given = Buffer.from(header.trim().toLowerCase());
  // Every key is tried, so that the time does not tell which one is in use.
  let good = false;
  for (const key of keys) {
    const expected = Buffer.from(createHmac('sha512', key).update(body).digest('hex'));
    good = (given.length === expected.length && timingSafeEqual(given, expected)) || good;
  }
  return good ? 'good' : 'mismatch';
}
