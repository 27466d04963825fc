// Reads the secrets that relay.yml names. A text about a secret names its place, never its value. No I/O of its own.
import { createPrivateKey } from 'node:crypto';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import { secretSchema } from '../../contracts/relay-config.ts';
import { valueAt, type DocumentPath } from '../../documents/path.ts';
import type { Tell } from '../../documents/read-yaml.ts';

export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws when the file cannot be read */
  readonly readFile: (path: string) => string;
}

/** Shorter keys can be tried out offline by anybody who has seen one signed post. */
const MIN_HMAC_LENGTH = 16;

/**
 * @returns null when there is none at this place, or when it is not good; then `diagnostics` has grown, unless the shape is wrong,
 *          which the schema tells
 */
export function readSecret(
  value: unknown,
  path: DocumentPath,
  source: SecretSource,
  tell: Tell,
  diagnostics: Diagnostic[],
  check: (secret: string) => string | null = () => null,
): string | null {
  const ref = secretSchema.safeParse(valueAt(value, path));
  if (!ref.success) return null;
  const no = (summary: string, detail: string): null => {
    diagnostics.push(tell(path, summary, detail));
    return null;
  };
  let text: string | undefined;
  let place: string;
  if ('env' in ref.data) {
    place = `the environment variable ${ref.data.env}`;
    text = source.env[ref.data.env];
    if (text === undefined) return no(`The environment variable ${ref.data.env} is not set`, 'Set it where the relay is started');
  } else {
    place = ref.data.file;
    try {
      text = source.readFile(ref.data.file);
    } catch (thrown) {
      return no(`The secret file ${ref.data.file} cannot be read`, describeThrown(thrown));
    }
  }
  // Editors and `echo` end a file with a newline that is not part of the secret.
  const secret = text.replace(/(\r?\n)+$/, '');
  if (secret === '') return no(`The secret in ${place} is empty`, 'Put the secret there');
  const problem = check(secret);
  return problem === null ? secret : no(`The secret in ${place} cannot be used`, problem);
}

export const checkHmacKey = (secret: string): string | null =>
  secret.length < MIN_HMAC_LENGTH
    ? `It has ${secret.length} characters, ${MIN_HMAC_LENGTH} are the least; \`openssl rand -hex 32\` makes a good one`
    : null;

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
