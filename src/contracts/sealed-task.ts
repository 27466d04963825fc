// What a sealed payload holds once it is opened and its signature is verified (the transport for stateless relays).
//
// Outside in: compact JWE, ECDH-ES+A256KW / A256GCM for the repository's X25519 key · compact JWS, EdDSA by the relay's Ed25519
// key, typ `runtask+jwt` · these claims.
import * as z from 'zod';

export const SEALED_TYP = 'runtask+jwt';
/** A sealed task older than this is refused, unless the relay's deadline is later: HCP's token lives ten minutes. */
export const SEALED_MAX_AGE_SECONDS = 15 * 60;

export const sealedClaimsSchema = z.object({
  /** The relay's public_url. */
  iss: z.string(),
  /** `repository:<id>`: a payload for one repository is worthless in another. */
  aud: z.string().regex(/^repository:\d+$/),
  /** task_result_id */
  sub: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  jti: z.string(),
  /** base64url SHA-256 over the canonical JSON of the payload's `task` (keys sorted): the label cannot be swapped. */
  task_sha256: z.string(),
  observe: z.boolean(),
  /**
   * Until when a result must be there, seconds since the epoch: the end of `token_life` in relay.yml, less what delivering needs.
   * Absent: a relay of before 2026-12, which says nothing of the token's life.
   */
  deadline: z.number().int().optional(),
  /** The run task request as HCP posted it, parsed: wire spelling. */
  request: z.unknown(),
});

export type SealedClaims = z.output<typeof sealedClaimsSchema>;
