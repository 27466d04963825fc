// One job that writes to the combined comment: the four calls of one session, as the action makes them.
import {
  commentLockResponseSchema,
  commentReleaseResponseSchema,
  reviewedResponseSchema,
  sectionResponseSchema,
  type CommentLockResponse,
  type CommentReleaseRequest,
  type PullRequestKey,
  type SectionRequest,
} from '../../../src/contracts/relay-api.ts';
import type { RunTaskRequest } from '../../../src/contracts/run-task-request.ts';
import type { World } from './world.ts';

export interface CommentWriter {
  readonly id: string;
  readonly token: string;
  readonly payload: unknown;
  put(change?: Partial<SectionRequest>): Promise<{ kept: boolean; revision: number }>;
  lock(revision: number): Promise<CommentLockResponse>;
  /** The lock, or it is a mistake of the test. */
  held(revision: number): Promise<CommentLockResponse & { kind: 'held' }>;
  release(lock: string, written?: CommentReleaseRequest['written']): Promise<'done' | 'again'>;
  reviewed(): Promise<{ fingerprint: string; run_id: string; run_url: string } | null>;
  /** As it comes: status and body. */
  call(what: 'section' | 'lock' | 'release' | 'reviewed', body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
}

export const A_PULL_REQUEST: PullRequestKey = { repository: 'acme/net', number: 7 };
export const A_COMMENT = { id: 4711, url: 'https://github.test/acme/net/pull/7#issuecomment-4711' };

export const aSection = (change: Partial<SectionRequest> = {}): SectionRequest => ({
  pull_request: A_PULL_REQUEST,
  digest: 'digest-of-a-section',
  large: 'the large text',
  medium: 'the medium text',
  small: 'the small text',
  own: 'its own',
  reviewed: null,
  ...change,
});

/** Pull request 7 of acme/net, on the GitHub of this world. */
export const onGithub = (world: World, change: Partial<RunTaskRequest> = {}): Partial<RunTaskRequest> => ({
  vcs_pull_request_url: `${world.github.url}/acme/net/pull/7`,
  vcs_repo_url: `${world.github.url}/acme/net`,
  vcs_commit_url: `${world.github.url}/acme/net/commit/0123456789abcdef0123456789abcdef01234567`,
  ...change,
});

let runs = 0;

/** Posts a run task, claims it, and speaks for it. */
export async function startWriter(world: World, change: Partial<RunTaskRequest> = {}): Promise<CommentWriter> {
  const { client_payload: payload } = await world.dispatched(onGithub(world, change));
  const claimed = await world.claim(payload, { claims: { run_id: String(5000 + ++runs) } });
  if (claimed.status !== 200) throw new Error(`the claim was answered ${claimed.status}`);
  return writerOf(world.call, payload, claimed.body.session_token);
}

export function writerOf(callRelay: World['call'], payload: { readonly id: string }, token: string): CommentWriter {
  const call: CommentWriter['call'] = (what, body) =>
    callRelay(what === 'section' ? 'PUT' : 'POST', `/v1/run-tasks/${payload.id}/comment/${what}`, token, body);
  const good = async (what: Parameters<typeof call>[0], body: unknown): Promise<unknown> => {
    const answer = await call(what, body);
    if (answer.status !== 200) throw new Error(`${what} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const lock = async (revision: number) => commentLockResponseSchema.parse(await good('lock', { pull_request: A_PULL_REQUEST, revision }));
  return {
    id: payload.id,
    token,
    payload,
    call,
    put: async (section) => sectionResponseSchema.parse(await good('section', aSection(section))),
    lock,
    held: async (revision) => {
      const answer = await lock(revision);
      if (answer.kind !== 'held') throw new Error(`the lock was answered ${JSON.stringify(answer)}`);
      return answer;
    },
    release: async (token, written = null) =>
      commentReleaseResponseSchema.parse(await good('release', { pull_request: A_PULL_REQUEST, lock: token, written })).kind,
    reviewed: async () => reviewedResponseSchema.parse(await good('reviewed', { pull_request: A_PULL_REQUEST })).reviewed,
  };
}
