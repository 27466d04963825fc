// The key pair that a repository's secrets are sealed for, and opening what was sealed: libsodium's sealed boxes, as GitHub documents.
import { generateKeyPairSync } from 'node:crypto';
import sodium from 'libsodium-wrappers';

/** An X25519 pair, each half 32 bytes in base64. */
export function newSealingKey(): { readonly key: string; readonly privateKey: string } {
  const { x = '', d = '' } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const base64 = (value: string): string => Buffer.from(value, 'base64url').toString('base64');
  return { key: base64(x), privateKey: base64(d) };
}

/** @returns the text in the box; null when it was not sealed for this pair, or holds no text */
export async function openSealedBox(sealed: string, pair: { readonly key: string; readonly privateKey: string }): Promise<string | null> {
  await sodium.ready;
  const [box, key, privateKey] = [sealed, pair.key, pair.privateKey].map((value) => Uint8Array.from(Buffer.from(value, 'base64')));
  if (box === undefined || key === undefined || privateKey === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(sodium.crypto_box_seal_open(box, key, privateKey));
  } catch {
    return null; // libsodium and the decoder say no by throwing; GitHub answers 422 to both
  }
}
