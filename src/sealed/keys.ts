// The two key pairs of the sealed transport, as JWKs: the relay signs (Ed25519), the repository opens (X25519).
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { err, ok, type Result } from '../base/result.ts';

export interface KeyPair {
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

const RELAY_KEY = { alg: 'EdDSA', crv: 'Ed25519', use: 'sig' } as const;
const SEAL_KEY = { alg: 'ECDH-ES+A256KW', crv: 'X25519', use: 'enc' } as const;

export const createRelayKey = (): Promise<KeyPair> => createPair(RELAY_KEY);
export const createSealKey = (): Promise<KeyPair> => createPair(SEAL_KEY);

async function createPair(form: typeof RELAY_KEY | typeof SEAL_KEY): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair(form.alg, { crv: form.crv, extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), alg: form.alg, use: form.use };
  const privateJwk = { ...(await exportJWK(privateKey)), alg: form.alg, use: form.use };
  return { publicJwk, privateJwk };
}

export type ImportedKey = Awaited<ReturnType<typeof importJWK>>;

/** Reads a key that `runtask keys` wrote. The error never holds the text: it may be the private half. */
export async function readKey(
  text: string,
  wanted: { readonly form: 'relay' | 'seal'; readonly half: 'public' | 'private' },
): Promise<Result<ImportedKey, string>> {
  const form = wanted.form === 'relay' ? RELAY_KEY : SEAL_KEY;
  const remedy = `expected the ${wanted.half} ${wanted.form} key as written by \`runtask keys\` (a JWK, ${form.crv})`;
  let jwk: JWK;
  try {
    jwk = JSON.parse(text) as JWK;
  } catch {
    // The parser's message would quote the key.
    return err(`not JSON: ${remedy}`);
  }
  if (typeof jwk !== 'object' || jwk === null || jwk.crv !== form.crv) return err(`not such a key: ${remedy}`);
  if (wanted.half === 'private' && jwk.d === undefined) return err(`this is the public half: ${remedy}`);
  if (wanted.half === 'public' && jwk.d !== undefined) return err(`this is the private half, which must not leave its place: ${remedy}`);
  try {
    return ok(await importJWK({ ...jwk, alg: form.alg }, form.alg));
  } catch {
    return err(`not a valid key: ${remedy}`);
  }
}
