// HCP Terraform's signature of a run task request: lower-case hex HMAC-SHA512 over the bytes that are sent
// (HashiCorp, "Run tasks integration", 2025-11-19). Our own, so that it can witness for the relay's.
import { createHmac } from 'node:crypto';

/** @returns 128 hex digits; "" without a key: HCP sends the header all the same, empty */
export function sign(bytes: Uint8Array, hmacKey: string | null): string {
  if (hmacKey === null) return '';
  return createHmac('sha512', Buffer.from(hmacKey, 'utf8')).update(bytes).digest('hex');
}
