// Run tasks of an organization: create, list, read, change, delete.
//
// Source: HashiCorp, "Tasks API" (2026-07) and its OpenAPI (2026-08). `hmac-key` is write-only: always null in answers.
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import { onlyQuery, readInclude } from '../query.ts';
import type { Handler, Routed } from '../router.ts';
import type { RunTask } from '../types.ts';
import { entitledOrganization, found, withPermission, type ApiContext } from './context.ts';
import { body, identifier, level, stages, toTask, toWorkspaceTask } from './task-documents.ts';
import { readTaskConfig, taskConfigAttributes, taskConfigTargets } from './task-configs.ts';
import { toWorkspace } from './workspace-documents.ts';

const httpUrl = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must be an http(s) URL');

const attributes = z.strictObject({
  'name': z.string().min(1),
  'url': httpUrl,
  'category': z.literal('task'),
  'description': z.string().max(300).nullish(),
  'hmac-key': z.string().nullish(),
  'enabled': z.boolean().optional(),
  'global-configuration': z
    .strictObject({ 'enabled': z.boolean().optional(), 'stages': stages.optional(), 'enforcement-level': level.nullish() })
    .optional(),
});
const agentPool = z.object({ data: identifier('agent-pools').shape.data.nullable() }).optional();
const createTask = body(
  'tasks',
  attributes,
  z
    .object({
      'agent-pool': agentPool,
      'task-configs': z.object({ data: z.array(body('task-configs', taskConfigAttributes, taskConfigTargets).shape.data) }).optional(),
    })
    .optional(),
);
const updateTask = body('tasks', attributes.partial(), z.object({ 'agent-pool': agentPool }).optional());

export function taskRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry } = context;
  const allowed = (handle: Handler): Handler => withPermission(context, ['manage-run-tasks'], handle);
  const taskOf = (request: Routed): RunTask => {
    const task = found(world.tasks.get(request.params['id']!));
    entitledOrganization(context, task.organization);
    return task;
  };
  const show = (task: RunTask): unknown => toTask(task, context);

  return {
    'POST /organizations/:organization/tasks': allowed(async (request) => {
      const organization = entitledOrganization(context, request.params['organization']);
      const { data } = readBody(createTask, request);
      const { name, url } = data.attributes;
      const taskConfigs = data.relationships?.['task-configs']?.data.map(readTaskConfig);
      const made = await registry.createTask(organization.name, { name, url, ...readTask(data), taskConfigs });
      return json(201, { data: show(made) });
    }),
    'GET /organizations/:organization/tasks': allowed((request) => {
      const organization = entitledOrganization(context, request.params['organization']);
      const include = readIncludes(request);
      return pageOf(world.tasks.by('organization', organization.name), request, show, (page) => included(page, include, context));
    }),
    'GET /tasks/:id': allowed((request) => {
      const task = taskOf(request);
      const also = included([task], readIncludes(request), context);
      return json(200, { data: show(task), ...(also === undefined ? {} : { included: also }) });
    }),
    'PATCH /tasks/:id': allowed(async (request) => {
      const task = taskOf(request);
      const { data } = readBody(updateTask, request);
      const { name, url } = data.attributes;
      return json(200, { data: show(await registry.updateTask(task, { name, url, ...readTask(data) })) });
    }),
    'DELETE /tasks/:id': allowed((request) => {
      registry.deleteTask(taskOf(request));
      return { status: 204 };
    }),
    'GET /tasks/:id/relationships/workspace-tasks': allowed((request) => {
      onlyQuery(request, []);
      // Whole attachments, and not identifiers as the path would have it: so the OpenAPI says.
      return pageOf(world.workspaceTasks.by('task', taskOf(request).id), request, (one) => toWorkspaceTask(one, context));
    }),
  };
}

const readIncludes = (request: Routed): ReadonlySet<string> =>
  readInclude(onlyQuery(request, ['include']), ['workspace_tasks', 'workspace_tasks.workspace']);

/** undefined: nothing was asked for. What stands between is included as well, as JSON:API says: attachments with their workspaces. */
function included(tasks: readonly RunTask[], include: ReadonlySet<string>, context: ApiContext): unknown[] | undefined {
  if (include.size === 0) return undefined;
  const { workspaceTasks, workspaces } = context.world;
  const attachments = tasks.flatMap(({ id }) => workspaceTasks.by('task', id));
  const ids = include.has('workspace_tasks.workspace') ? new Set(attachments.map(({ workspaceId }) => workspaceId)) : [];
  return [...attachments.map((one) => toWorkspaceTask(one, context)), ...[...ids].map((id) => toWorkspace(workspaces.get(id)!, false))];
}

/** What creating and changing have in common; undefined: not said. */
function readTask({ attributes: said, relationships }: z.output<typeof updateTask>['data'] | z.output<typeof createTask>['data']) {
  const global = said['global-configuration'];
  const pool = relationships?.['agent-pool']?.data;
  return {
    description: said.description === null ? '' : said.description,
    hmacKey: said['hmac-key'],
    enabled: said.enabled,
    agentPoolId: pool === undefined ? undefined : (pool?.id ?? null),
    global:
      global === undefined ? undefined : { enabled: global.enabled, stages: global.stages, enforcementLevel: global['enforcement-level'] },
  };
}
