// What the secrets that relay.yml names must be. Reading them is in documents/secrets.ts. No I/O.
import { createPrivateKey } from 'node:crypto';

export const checkEncryptionKey = (secret: string): string | null =>
  toKeyBytes(secret) === null ? 'It must be 32 bytes in base64 or hex; `openssl rand -base64 32` makes one' : null;

export function toKeyBytes(secret: string): Uint8Array | null {
  if (/^[0-9a-f]{64}$/i.test(secret)) return Buffer.from(secret, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(secret)) return Buffer.from(secret, 'base64');
  return null;
}

export function checkPrivateKey(secret: string): string | null {
  try {
    return createPrivateKey(secret).asymmetricKeyType === 'rsa' ? null : 'It is not an RSA key; GitHub gives an App a .pem file';
  } catch {
    // OpenSSL's words help nobody, and might quote the text.
    return 'It is not a private key in PEM form; GitHub gives an App a .pem file';
  }
}

/** The form only; the numbers are judged when the key is imported. */
export const checkJwk =
  (curve: 'Ed25519' | 'X25519', half: 'public' | 'private') =>
  (secret: string): string | null => {
    const remedy = `It must be the ${half} half of an ${curve} key as \`runtask keys\` writes it (a JWK)`;
    try {
      const jwk = JSON.parse(secret) as { crv?: unknown; d?: unknown } | null;
      const isRight = typeof jwk === 'object' && jwk !== null && jwk.crv === curve && (jwk.d !== undefined) === (half === 'private');
      return isRight ? null : remedy;
    } catch {
      // JSON.parse would quote the key.
      return remedy;
    }
  };
