// The relay's public HTTP surface, for HCP Terraform and for jobs: routes, limits, and how values and refusals become answers. No I/O
// of its own; runs wherever Request and Response do. What is for the operator alone is in admin-app.ts.
import type { Context, Hono } from 'hono';
import { describeThrown } from '../../base/fault.ts';
import type { Result } from '../../base/result.ts';
import { taskIdSchema } from '../../contracts/client-payload.ts';
import type { VerifyOidc } from '../claims/verify-oidc.ts';
import { answer, createBareApp, isStoreTrouble, type BareAppDeps } from './bare-app.ts';
import { lockComment, putCommentSection, releaseComment, reviewedPlan } from './comment.ts';
import { configuration, plan, type Download } from './downloads.ts';
import { receiveHook, type RecordPost } from './hooks.ts';
import { readBody } from './read-body.ts';
import { refuse, toHookAnswer, type ApiRefusal, type HookRefusal } from './refusals.ts';
import { claim, progress, renewClaim, result, withSession, type Call } from './run-tasks.ts';

export interface AppDeps extends BareAppDeps {
  readonly verify: VerifyOidc;
  readonly record: RecordPost | null;
  readonly wake: () => void;
}

/** 250 outcomes of 10,000 characters, in the worst encoding. Everything else is small. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;
const MAX_CALL_BYTES = 128 * 1024;
/** The texts of a section, in the worst encoding: six bytes for one. */
const MAX_SECTION_BYTES = 1024 * 1024;

export function createApp({ relay, verify, record, wake, isReady }: AppDeps): Hono {
  const app = createBareApp({ relay, isReady });

  app.post('/hooks/:task', async (c) => {
    const task = c.req.param('task');
    const no = (refusal: HookRefusal, detail: string) => {
      relay.metrics.count('runtask_posts_total', { answer: refusal });
      relay.log.warn('run task refused', { task, reason: refusal, detail });
      const { status, message } = toHookAnswer(refusal);
      return c.json({ error: { code: refusal, message } }, status);
    };
    try {
      const answer = await receiveHook(c.req.raw, task, relay, record);
      if (!answer.ok) return no(answer.error.refusal, answer.error.detail);
      relay.metrics.count('runtask_posts_total', { answer: answer.value });
      if (answer.value === 'kept') wake();
      // Exactly 200: HCP repeats the post on anything else, and 202 breaks registration.
      return c.body(null, 200);
    } catch (thrown) {
      if (!isStoreTrouble(thrown)) throw thrown;
      relay.metrics.count('runtask_store_trouble_total');
      return no('store-trouble', describeThrown(thrown));
    }
  });

  const call = (handle: (call: Call) => Promise<Result<object, ApiRefusal>>, maxBytes = MAX_CALL_BYTES, admit?: Admit) => {
    return async (c: Context<object, '/v1/run-tasks/:id/x'>) => {
      const read = await readCall(c.req.raw, c.req.param('id'), maxBytes, admit);
      return answer(c, read.ok ? await handle(read.value) : read);
    };
  };
  // JSON says why there is nothing, or where it lies; any other content type is the thing itself.
  const download = (type: string, handle: (call: Call) => Promise<Result<Download<object>, ApiRefusal>>) => {
    return async (c: Context<object, '/v1/run-tasks/:id/x'>) => {
      const read = await readCall(c.req.raw, c.req.param('id'), MAX_CALL_BYTES);
      const got = read.ok ? await handle(read.value) : read;
      if (!got.ok) return answer(c, got);
      return got.value.kind === 'json' ? c.json(got.value.body, 200) : c.body(got.value.body, 200, { 'Content-Type': type });
    };
  };
  app.post(
    '/v1/run-tasks/:id/claim',
    call((it) => claim(it, relay, verify)),
  );
  app.post(
    '/v1/run-tasks/:id/renew',
    call((it) => renewClaim(it, relay)),
  );
  app.patch(
    '/v1/run-tasks/:id/progress',
    call((it) => progress(it, relay)),
  );
  app.patch(
    '/v1/run-tasks/:id/result',
    call(
      (it) => result(it, relay),
      MAX_RESULT_BYTES,
      (it) => withSession(it, relay, () => null),
    ),
  );
  app.put(
    '/v1/run-tasks/:id/comment/section',
    call(
      (it) => putCommentSection(it, relay),
      MAX_SECTION_BYTES,
      (it) => withSession(it, relay, () => null),
    ),
  );
  app.post(
    '/v1/run-tasks/:id/comment/lock',
    call((it) => lockComment(it, relay)),
  );
  app.post(
    '/v1/run-tasks/:id/comment/release',
    call((it) => releaseComment(it, relay)),
  );
  app.post(
    '/v1/run-tasks/:id/comment/reviewed',
    call((it) => reviewedPlan(it, relay)),
  );
  app.post(
    '/v1/run-tasks/:id/plan',
    download('application/octet-stream', (it) => plan(it, relay)),
  );
  app.post(
    '/v1/run-tasks/:id/configuration',
    download('application/gzip', (it) => configuration(it, relay)),
  );
  return app;
}

/** May this caller send a large body at all? */
type Admit = (caller: Pick<Call, 'id' | 'token'>) => Promise<Result<unknown, ApiRefusal>>;

/** Nothing of a stranger is kept longer or read further than it takes to see that he is one. */
async function readCall(
  request: Request,
  id: string | undefined,
  maxBytes: number,
  admit: Admit = () => Promise.resolve({ ok: true, value: null }),
): Promise<Result<Call, ApiRefusal>> {
  const token = /^Bearer ([\x21-\x7e]+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
  if (token === null) return { ok: false, error: refuse('unauthorized') };
  // What has not even the form of an id is answered like an unknown one, and stands in no log line.
  if (!taskIdSchema.safeParse(id).success) return { ok: false, error: refuse('not-found') };
  const admitted = await admit({ id: id ?? '', token });
  if (!admitted.ok) return admitted;
  const bytes = await readBody(request, maxBytes);
  if (!bytes.ok) return { ok: false, error: refuse('bad-request', 'The body is too large, or ended too early.') };
  try {
    const text = Buffer.from(bytes.value).toString('utf8');
    const body = text === '' ? {} : (JSON.parse(text) as unknown);
    return { ok: true, value: { id: id ?? '', token, body } };
  } catch {
    return { ok: false, error: refuse('bad-request', 'The body is not JSON.') };
  }
}
