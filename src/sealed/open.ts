// Action side of the sealed transport: decrypt, verify the relay's signature, then every claim, then the request itself.
// Every "no" is a value: the caller has nobody to tell but the log, because without the request there is no callback.
import { compactDecrypt, compactVerify } from 'jose';
import type { SealedPayload } from '../contracts/client-payload.ts';
import { readRunTaskRequest, type RunTaskRequest } from '../contracts/run-task-request.ts';
import { SEALED_TYP, sealedClaimsSchema, type SealedClaims } from '../contracts/sealed-task.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ImportedKey } from './keys.ts';
import { hashTask } from './task-hash.ts';

export interface OpenInput {
  readonly payload: SealedPayload;
  readonly sealKey: ImportedKey;
  readonly relayKey: ImportedKey;
  /** The repository that this job runs in, from GITHUB_REPOSITORY_ID. */
  readonly repositoryId: string;
}

export type OpenRefusal =
  | 'not-for-this-key'
  | 'not-from-the-relay'
  | 'malformed'
  | 'another-repository'
  | 'expired'
  | 'label-changed'
  | 'id-changed'
  | 'bad-request';

export interface OpenedTask {
  readonly request: RunTaskRequest;
  readonly observe: boolean;
  readonly issuer: string;
  /** Milliseconds since the epoch; null: the relay did not say. */
  readonly deadlineAt: number | null;
}

/** Runners' clocks are kept by NTP; a minute covers the rest. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** @param now  milliseconds since the epoch */
export async function openTask(input: OpenInput, now: number): Promise<Result<OpenedTask, OpenRefusal>> {
  const signed = await decrypt(input.payload.sealed, input.sealKey);
  if (signed === null) return err('not-for-this-key');
  const bytes = await verify(signed, input.relayKey);
  if (bytes === null) return err('not-from-the-relay');
  const claims = readClaims(bytes);
  if (claims === null) return err('malformed');
  const refusal = checkClaims(claims, input, Math.floor(now / 1000));
  if (refusal !== null) return err(refusal);
  const request = readRunTaskRequest(claims.request);
  if (!request.ok) return err('bad-request');
  const deadlineAt = claims.deadline === undefined ? null : claims.deadline * 1000;
  return ok({ request: request.value, observe: claims.observe, issuer: claims.iss, deadlineAt });
}

function checkClaims(claims: SealedClaims, input: OpenInput, now: number): OpenRefusal | null {
  if (claims.aud !== `repository:${input.repositoryId}`) return 'another-repository';
  if (now > claims.exp + CLOCK_TOLERANCE_SECONDS || now < claims.iat - CLOCK_TOLERANCE_SECONDS) return 'expired';
  if (claims.task_sha256 !== hashTask(input.payload.task)) return 'label-changed';
  if (claims.jti !== input.payload.id) return 'id-changed';
  return null;
}

// Any failure of decryption or verification is the same "no": telling them apart would help only who forges.
async function decrypt(sealed: string, key: ImportedKey): Promise<Uint8Array | null> {
  const opened = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['ECDH-ES+A256KW'],
    contentEncryptionAlgorithms: ['A256GCM'],
  }).catch(() => null);
  return opened === null ? null : opened.plaintext;
}

async function verify(signed: Uint8Array, key: ImportedKey): Promise<Uint8Array | null> {
  const verified = await compactVerify(signed, key, { algorithms: ['EdDSA'] }).catch(() => null);
  return verified === null || verified.protectedHeader.typ !== SEALED_TYP ? null : verified.payload;
}

function readClaims(bytes: Uint8Array): SealedClaims | null {
  try {
    const parsed = sealedClaimsSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    // Signed by the relay and not JSON: a relay of another version. The refusal says "malformed".
    return null;
  }
}
