// The four calls of the combined comment, to the relay that keeps its sections. What they are for tells combined-comment.ts.
import type * as z from 'zod';
import type { Result } from '../base/result.ts';
import {
  commentLockResponseSchema,
  commentReleaseResponseSchema,
  reviewedResponseSchema,
  sectionResponseSchema,
} from '../contracts/relay-api.ts';
import { callRelay, type Call, type Refusal, type RelayClientDeps } from './relay-client.ts';
import type { SharedComment } from './session.ts';

export function createSharedComment(task: { readonly id: string; readonly sessionToken: string }, deps: RelayClientDeps): SharedComment {
  const send = <S extends z.ZodType>(
    [method, what]: readonly [Call['method'], string],
    body: unknown,
    answer: S,
    limitMs: number,
  ): Promise<Result<z.output<S>, Refusal>> =>
    callRelay(
      {
        method,
        path: `/v1/run-tasks/${task.id}/comment/${what}`,
        bearer: () => Promise.resolve(task.sessionToken),
        body,
        until: deps.clock.now() + limitMs,
        endsThen: true,
      },
      answer,
      deps,
    );
  return {
    put: (section, limitMs) => send(['PUT', 'section'], section, sectionResponseSchema, limitMs),
    lock: (request, limitMs) => send(['POST', 'lock'], request, commentLockResponseSchema, limitMs),
    release: (request, limitMs) => send(['POST', 'release'], request, commentReleaseResponseSchema, limitMs),
    reviewed: (pullRequest, limitMs) => send(['POST', 'reviewed'], { pull_request: pullRequest }, reviewedResponseSchema, limitMs),
  };
}
