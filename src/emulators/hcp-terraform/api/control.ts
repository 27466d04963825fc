// What no HCP Terraform has: starting a run with a plan of one's own, bad weather, the log, a reset. For an emulator that runs
// as a process of its own (`runtask emulate`); in a test the same is a function call.
import * as z from 'zod';
import { invalid, validate } from '../json-api.ts';
import type { Handler, Routed } from '../router.ts';
import type { RunLife } from '../run.ts';
import type { Answer } from '../server.ts';
import type { SeenRequest, SentRequest, StartRun, WeatherRule } from '../types.ts';
import { forAdmin, found, type ApiContext } from './context.ts';

export interface Control {
  readonly startRun: (spec: StartRun) => RunLife;
  readonly failNext: (rule: WeatherRule) => void;
  readonly reset: () => void;
  readonly seen: readonly SeenRequest[];
  readonly sent: readonly SentRequest[];
}

const text = z.string().nullable().optional();
const runBody = z.strictObject({
  organization: z.string(),
  workspace: z.string(),
  /** The plan's JSON; absent or null: none. */
  plan: z.record(z.string(), z.unknown()).nullable().optional(),
  /** A .tar.gz in base64. */
  configuration: z.base64().optional(),
  speculative: z.boolean().optional(),
  destroy: z.boolean().optional(),
  confirmed: z.boolean().optional(),
  message: z.string().optional(),
  created_by: z.string().optional(),
  vcs: z.strictObject({ commitHash: text, commitUrl: text, pullRequestUrl: text, branch: text, repositoryUrl: text }).nullable().optional(),
  stages: z.array(z.enum(['pre_plan', 'post_plan', 'pre_apply', 'post_apply'])).optional(),
  api_form: z.literal('2021-beta').optional(),
});

const runTaskBody = z.strictObject({
  organization: z.string(),
  workspaces: z.array(z.string()).min(1),
  name: z.string(),
  url: z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), 'must be an http(s) URL'),
  hmac_key: z.string().optional(),
  stages: runBody.shape.stages,
  enforcement_level: z.enum(['advisory', 'mandatory']).default('mandatory'),
});

const weatherBody = z.strictObject({
  server: z.enum(['api', 'store']).optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.number().int().positive().optional(),
  delayMs: z.number().int().positive().optional(),
  status: z.number().int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  hang: z.literal(true).optional(),
  reset: z.literal(true).optional(),
  after: z.literal(true).optional(),
  cutAfterBytes: z.number().int().nonnegative().optional(),
});

export function controlRoutes(context: ApiContext, control: Control): Record<string, Handler> {
  const admin = (handle: Handler): Handler => forAdmin(context, handle);
  const runOf = (request: Routed): RunLife => found(context.world.runs.get(request.params['id']!));
  return {
    /** Registers a run task and attaches it to workspaces: calls with an id between them, in one that a shell can make. */
    'POST /run-tasks': admin(async (request) => {
      const body = validate(runTaskBody, parse(request));
      const workspaces = body.workspaces.map((name) => found(context.world.workspaceNamed(body.organization, name)));
      const task = await context.registry.createTask(body.organization, { name: body.name, url: body.url, hmacKey: body.hmac_key });
      const attachments = workspaces.map((workspace) =>
        context.registry.attach({
          workspaceId: workspace.id,
          taskId: task.id,
          stages: body.stages ?? ['post_plan'],
          enforcementLevel: body.enforcement_level,
        }),
      );
      return plainJson(201, { id: task.id, workspace_tasks: attachments.map(({ id }) => id) });
    }),
    'POST /runs': admin((request) => {
      const { configuration, created_by: createdBy, api_form: apiForm, plan, vcs, ...rest } = validate(runBody, parse(request));
      const run = control.startRun({
        ...rest,
        plan: plan ?? null,
        createdBy,
        apiForm,
        configuration: configuration === undefined ? null : Buffer.from(configuration, 'base64'),
        vcs: vcs === undefined || vcs === null ? vcs : withoutUndefined(vcs),
      });
      return plainJson(201, toRun(run));
    }),
    'GET /runs/:id': admin((request) => plainJson(200, toRun(runOf(request)))),
    'POST /runs/:id/cancel': admin((request) => {
      const run = runOf(request);
      run.cancel();
      return plainJson(200, toRun(run));
    }),
    'POST /weather': admin((request) => {
      control.failNext(withoutUndefined(validate(weatherBody, parse(request))));
      return { status: 204 };
    }),
    'POST /reset': admin(() => {
      control.reset();
      return { status: 204 };
    }),
    'GET /seen': admin(() => plainJson(200, control.seen)),
    'GET /sent': admin(() =>
      plainJson(
        200,
        control.sent.map(({ bytes: _bytes, ...one }) => one),
      ),
    ),
  };
}

function parse(request: Routed): unknown {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (thrown) {
    throw invalid(`The body is not JSON: ${String(thrown)}`);
  }
}

/** No access token: whoever may see that has it in `sent`. */
const toRun = (run: RunLife): unknown => ({
  id: run.id,
  status: run.status,
  task_results: run.taskResults.map(({ accessToken: _token, callbackUrl: _url, callbacks: _callbacks, ...rest }) => rest),
});

const plainJson = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
