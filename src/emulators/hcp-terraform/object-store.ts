// The presigned object store: an origin of its own where the URL is the key and any second authentication is refused.
import type { Clock } from '../../base/clock.ts';
import type { Ids } from './ids.ts';
import type { Answer, Incoming } from './server.ts';

export type Stored = Uint8Array | { readonly file: string };

/** HashiCorp, "API docs" (2025): URLs of json-output live for one minute, hosted ones for 25 hours. */
export const PLAN_URL_LIFE_MS = 60_000;
export const CONFIGURATION_URL_LIFE_MS = 25 * 3_600_000;

export interface ObjectStore {
  /** @returns a new path for these bytes, good for so long */
  presign(object: Stored, contentType: string, lifeMs: number): string;
  handle(request: Incoming): Answer;
  clear(): void;
}

export function createObjectStore(deps: { clock: Clock; ids: Ids }): ObjectStore {
  const objects = new Map<string, { object: Stored; contentType: string; expiresAt: number }>();
  const plain = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body });
  return {
    presign(object, contentType, lifeMs) {
      const path = `/v1/object/${deps.ids.secret()}`;
      objects.set(path, { object, contentType, expiresAt: deps.clock.now() + lifeMs });
      return path;
    },
    handle(request) {
      // S3 refuses a presigned URL that comes with an Authorization header; a token sent here has leaked as well.
      if (request.headers['authorization'] !== undefined)
        return plain(400, 'InvalidArgument: the URL is signed; drop the Authorization header');
      const found = objects.get(request.url.pathname);
      if (found === undefined) return plain(404, 'NoSuchKey');
      if (request.method !== 'GET') return plain(405, 'MethodNotAllowed');
      if (deps.clock.now() >= found.expiresAt) return plain(403, 'AccessDenied: the URL has expired');
      return { status: 200, headers: { 'content-type': found.contentType }, body: found.object };
    },
    clear: () => objects.clear(),
  };
}
