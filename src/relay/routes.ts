// Which repository judges a run task: the first route that takes it. There is no default route, because `vcs_repo_url` belongs
// to whoever administers the workspace.
import type { RunTaskRequest } from '../contracts/run-task-request.ts';
import { readRepositoryUrl } from '../github/repository.ts';
import { matchesAnyGlob } from '../documents/glob.ts';
import type { TaskRoute } from './life/task.ts';
import type { ResolvedTask, RouteConfig } from './config/resolved.ts';

export type Routing =
  | { readonly kind: 'route'; readonly route: TaskRoute; readonly observe: boolean }
  /** A route takes it and cannot serve it: says why, for a person in HCP. */
  | { readonly kind: 'refused'; readonly message: string; readonly observe: boolean }
  | { readonly kind: 'unrouted'; readonly message: string };

export function routeTask(request: RunTaskRequest, task: ResolvedTask, webUrl: string): Routing {
  const route = task.routes.find((candidate) => takes(candidate, request));
  if (route === undefined)
    return {
      kind: 'unrouted',
      message: `No route of task "${task.name}" in relay.yml takes workspace "${request.workspace_name}" in stage ${request.stage}. Add one, or detach the run task from the workspace.`,
    };
  const { observe } = route;
  const repository = 'repository' in route ? ({ ok: true, value: route.repository } as const) : fromVcs(request, route.owners, webUrl);
  if (!repository.ok) return { kind: 'refused', message: repository.error, observe };
  return {
    kind: 'route',
    observe,
    route: {
      repository: repository.value,
      workflow: route.workflow,
      eventType: route.event_type,
      jobWorkflowRef: route.job_workflow_ref ?? null,
      transport: task.transport,
    },
  };
}

const takes = (route: RouteConfig, request: RunTaskRequest): boolean =>
  (route.workspaces === undefined || matchesAnyGlob(route.workspaces, request.workspace_name)) &&
  (route.stages === undefined || route.stages.includes(request.stage));

function fromVcs(
  request: RunTaskRequest,
  owners: readonly string[],
  webUrl: string,
): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string } {
  const workspace = `workspace "${request.workspace_name}"`;
  if (request.vcs_repo_url === null)
    return {
      ok: false,
      error: `The route takes the workflow from the workspace's own repository, and ${workspace} is connected to none. Connect it, or route it to a repository in relay.yml.`,
    };
  const found = readRepositoryUrl(request.vcs_repo_url, webUrl);
  if (found === null)
    return {
      ok: false,
      error: `The repository of ${workspace} is not on ${new URL(webUrl).host}. Route it to a repository there in relay.yml.`,
    };
  // GitHub's owners are the same in any case.
  const lower = owners.map((owner) => owner.toLowerCase());
  if (!matchesAnyGlob(lower, found.owner.toLowerCase()))
    return {
      ok: false,
      error: `The repository of ${workspace} belongs to "${found.owner}", which is not among the route's owners (${owners.join(', ')}).`,
    };
  return { ok: true, value: `${found.owner}/${found.name}` };
}
