// Events that start workflows, and the runs they become.
import * as z from 'zod';
import { authorOf } from '../access.ts';
import { type Answer, conflict, forbidden, json, noContent, notFound, unprocessable } from '../answers.ts';
import type { WorkflowRun } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import type { Runner } from '../runner/runner.ts';
import { workflowFiles } from '../runner/trigger.ts';
import { toJob, toWorkflowRun } from '../shapes/run.ts';
import { iso, nodeId } from '../shapes/text.ts';
import { resolveRef } from './statuses.ts';

// GitHub's OpenAPI description of "Create a repository dispatch event": at most 10 properties, less than 64 KB.
const MAX_PROPERTIES = 10;
const MAX_PAYLOAD = 64 * 1024;
const MAX_EVENT_TYPE = 100;
/** A filtered search shows no more than this (GitHub's OpenAPI description of "List workflow runs"). */
const MAX_FOUND = 1000;
/** docs.github.com, "Events that trigger workflows", `workflow_dispatch`; GitHub Enterprise Server 3.17 to 3.19 allow 10. */
const MAX_INPUTS = 25;

const dispatchSchema = z.strictObject({ event_type: z.string(), client_payload: z.record(z.string(), z.unknown()).optional() });
const workflowDispatchSchema = z.strictObject({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  return_run_details: z.boolean().optional(),
});

export function actionRoutes(runner: Runner): readonly Route[] {
  return [
    repositoryRoute(
      'POST',
      '/dispatches',
      [['contents', 'write']],
      withBody(dispatchSchema, (call: RepositoryCall, { event_type, client_payload = {} }) => {
        const { world, repository, identity } = call;
        if (event_type === '' || [...event_type].length > MAX_EVENT_TYPE)
          return unprocessable(
            `Invalid request.\n\nOnly ${MAX_EVENT_TYPE} characters are allowed; ${[...event_type].length} were supplied.`,
          );
        const properties = Object.keys(client_payload).length;
        if (properties > MAX_PROPERTIES)
          return unprocessable(`Invalid request.\n\nNo more than ${MAX_PROPERTIES} properties are allowed; ${properties} were supplied.`);
        if (Buffer.byteLength(JSON.stringify(client_payload)) >= MAX_PAYLOAD) return unprocessable('client_payload is too large');
        runner.dispatch({
          repository,
          event: 'repository_dispatch',
          eventType: event_type,
          fields: {
            action: event_type,
            branch: repository.defaultBranch,
            client_payload,
            ...(identity.kind === 'installation'
              ? { installation: { id: identity.installation.id, node_id: nodeId('I', identity.installation.id) } }
              : {}),
          },
          sender: authorOf(world, identity),
        });
        return noContent;
      }),
      { deniedStatus: 404 },
    ),

    repositoryRoute(
      'POST',
      '/actions/workflows/{workflow}/dispatches',
      [['actions', 'write']],
      withBody(workflowDispatchSchema, (call: RepositoryCall, { ref, inputs = {}, return_run_details = false }) => {
        const { world, repository } = call;
        const file = findWorkflow(call);
        if (file === undefined) return notFound;
        if (resolveRef(repository, ref) === null) return unprocessable(`No ref found for: ${ref}`);
        if (Object.keys(inputs).length > MAX_INPUTS)
          return unprocessable(`Invalid request.\n\nNo more than ${MAX_INPUTS} properties are allowed.`);
        const branch = ref.replace(/^refs\/heads\//, '');
        const fields = { ref: `refs/heads/${branch}`, inputs, workflow: file.path };
        const run = runner.dispatch({
          repository,
          event: 'workflow_dispatch',
          path: file.path,
          branch,
          fields,
          sender: authorOf(world, call.identity),
        })[0];
        if (run === undefined) return unprocessable("Workflow does not have 'workflow_dispatch' trigger");
        if (!return_run_details) return noContent;
        const shape = toWorkflowRun(world.url, run, world.account(repository.owner));
        return json(200, { workflow_run_id: run.id, run_url: shape['url'], html_url: shape['html_url'] });
      }),
    ),

    repositoryRoute('GET', '/actions/workflows', [['actions', 'read']], (call) => {
      const all = workflowFiles(call.world, call.repository).map((file) => toWorkflow(call, file));
      return page(call, '/actions/workflows', all, (items) => ({ total_count: all.length, workflows: items }));
    }),

    repositoryRoute('GET', '/actions/workflows/{workflow}', [['actions', 'read']], (call) => {
      const file = findWorkflow(call);
      return file === undefined ? notFound : json(200, toWorkflow(call, file));
    }),

    repositoryRoute('GET', '/actions/workflows/{workflow}/runs', [['actions', 'read']], (call) => {
      const file = findWorkflow(call);
      return file === undefined ? notFound : listRuns(call, `/actions/workflows/${file.id}/runs`, (run) => run.workflowId === file.id);
    }),

    repositoryRoute('GET', '/actions/runs', [['actions', 'read']], (call) => listRuns(call, '/actions/runs', () => true)),

    repositoryRoute('GET', '/actions/runs/{id}', [['actions', 'read']], (call) =>
      withRun(call, (run) => json(200, toWorkflowRun(call.world.url, run, call.world.account(call.repository.owner)))),
    ),

    repositoryRoute('GET', '/actions/runs/{id}/jobs', [['actions', 'read']], (call) =>
      withRun(call, (run) => {
        const jobs = run.jobs.map((job) => toJob(call.world.url, run, job, run.attempt));
        return page(call, `/actions/runs/${run.id}/jobs`, jobs, (items) => ({ total_count: jobs.length, jobs: items }));
      }),
    ),

    repositoryRoute('GET', '/actions/runs/{id}/attempts/{attempt}/jobs', [['actions', 'read']], (call) =>
      withRun(call, (run) => {
        const attempt = Number(call.param('attempt'));
        const found = attempt === run.attempt ? run.jobs : run.previousAttempts.find((a) => a.attempt === attempt)?.jobs;
        if (found === undefined) return notFound;
        const jobs = found.map((job) => toJob(call.world.url, run, job, attempt));
        return page(call, `/actions/runs/${run.id}/attempts/${attempt}/jobs`, jobs, (items) => ({ total_count: jobs.length, jobs: items }));
      }),
    ),

    repositoryRoute('GET', '/actions/jobs/{id}', [['actions', 'read']], (call) => {
      const id = Number(call.param('id'));
      for (const run of runsOf(call)) {
        const job = run.jobs.find((j) => j.checkRunId === id);
        if (job !== undefined) return json(200, toJob(call.world.url, run, job, run.attempt));
      }
      return notFound;
    }),

    repositoryRoute('POST', '/actions/runs/{id}/cancel', [['actions', 'write']], (call) =>
      withRun(call, (run) => (runner.cancel(run) ? json(202, {}) : conflict('Cannot cancel a workflow run that is completed.'))),
    ),

    repositoryRoute('POST', '/actions/runs/{id}/force-cancel', [['actions', 'write']], (call) =>
      withRun(call, (run) => (runner.forceCancel(run) ? json(202, {}) : conflict('Cannot cancel a workflow run that is completed.'))),
    ),

    repositoryRoute('POST', '/actions/runs/{id}/rerun', [['actions', 'write']], (call) =>
      withRun(call, (run) => (runner.rerun(run) ? json(201, {}) : forbidden('This workflow is already running'))),
    ),
  ];
}

const runsOf = ({ world, repository }: RepositoryCall): WorkflowRun[] => world.runs.filter((run) => run.repository === repository);

function withRun(call: RepositoryCall, answer: (run: WorkflowRun) => Answer): Answer {
  const run = runsOf(call).find((r) => r.id === Number(call.param('id')));
  return run === undefined ? notFound : answer(run);
}

type WorkflowFile = ReturnType<typeof workflowFiles>[number];

const findWorkflow = (call: RepositoryCall): WorkflowFile | undefined =>
  workflowFiles(call.world, call.repository).find((file) => {
    const wanted = call.param('workflow');
    return String(file.id) === wanted || file.path === wanted || file.path === `.github/workflows/${wanted}`;
  });

function toWorkflow({ world, repository }: RepositoryCall, file: WorkflowFile): Record<string, unknown> {
  return {
    id: file.id,
    node_id: nodeId('W', file.id),
    name: file.name,
    path: file.path,
    state: repository.actionsEnabled ? 'active' : 'disabled_manually',
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.createdAt),
    url: `${world.url}/api/v3/repos/${repository.fullName}/actions/workflows/${file.id}`,
    html_url: `${world.url}/${repository.fullName}/blob/${repository.defaultBranch}/${file.path}`,
    badge_url: `${world.url}/${repository.fullName}/workflows/${encodeURIComponent(file.name)}/badge.svg`,
  };
}

function listRuns(call: RepositoryCall, path: string, also: (run: WorkflowRun) => boolean): Answer {
  const query = call.request.query;
  const is = (name: string, ...values: (string | null)[]): boolean => !query.has(name) || values.includes(query.get(name));
  const found = runsOf(call)
    .filter(also)
    .filter((run) => is('event', run.event) && is('head_sha', run.headSha) && is('branch', run.headBranch) && is('actor', run.actor.login))
    .filter((run) => is('status', run.status, run.conclusion) && createdWithin(query.get('created'), run.createdAt))
    .reverse()
    .slice(0, MAX_FOUND);
  const owner = call.world.account(call.repository.owner);
  return page(call, path, found, (items) => ({
    total_count: found.length,
    workflow_runs: items.map((run) => toWorkflowRun(call.world.url, run, owner)),
  }));
}

// GitHub's search syntax for dates: >=T, >T, <=T, <T, T..T (either may be *), or a day.
function createdWithin(expression: string | null, at: number): boolean {
  if (expression === null) return true;
  const second = Math.floor(at / 1000) * 1000;
  const range = /^(.+)\.\.(.+)$/.exec(expression);
  if (range !== null) return (range[1] === '*' || second >= time(range[1])) && (range[2] === '*' || second <= time(range[2]));
  const [, operator = '', value] = /^(>=|<=|>|<)?(.+)$/.exec(expression) ?? [];
  switch (operator) {
    case '>=':
      return second >= time(value);
    case '>':
      return second > time(value);
    case '<=':
      return second <= time(value);
    case '<':
      return second < time(value);
    default:
      return iso(second).startsWith(value ?? '');
  }
}

const time = (text: string | undefined): number => Date.parse(text ?? '');
