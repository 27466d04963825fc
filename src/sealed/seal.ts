// Relay side of the sealed transport: a run task request, signed by the relay, encrypted for one repository.
import { CompactEncrypt, CompactSign } from 'jose';
import type { TaskLabel } from '../contracts/client-payload.ts';
import type { RunTaskRequest } from '../contracts/run-task-request.ts';
import { SEALED_MAX_AGE_SECONDS, SEALED_TYP, type SealedClaims } from '../contracts/sealed-task.ts';
import type { ImportedKey } from './keys.ts';
import { hashTask } from './task-hash.ts';

export interface SealInput {
  readonly request: RunTaskRequest;
  readonly task: TaskLabel;
  /** The relay's public_url. */
  readonly issuer: string;
  readonly repositoryId: number;
  readonly observe: boolean;
  /** The payload's id. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number;
  readonly signingKey: ImportedKey;
  readonly sealKey: ImportedKey;
}

/** @param now  milliseconds since the epoch */
export async function sealTask(input: SealInput, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const deadline = Math.floor(input.deadlineAt / 1000);
  const claims: SealedClaims = {
    iss: input.issuer,
    aud: `repository:${input.repositoryId}`,
    sub: input.request.task_result_id,
    iat: issuedAt,
    // A last phase that begins just before the deadline must still be able to open it, to say that it came too late.
    exp: Math.max(issuedAt + SEALED_MAX_AGE_SECONDS, deadline + 60),
    jti: input.id,
    task_sha256: hashTask(input.task),
    observe: input.observe,
    deadline,
    request: input.request,
  };
  const signed = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: SEALED_TYP })
    .sign(input.signingKey);
  return new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: SEALED_TYP })
    .encrypt(input.sealKey);
}
