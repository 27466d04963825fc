// Run tasks of an organization and their attachments to workspaces: create, list, read, change, delete.
//
// Source: HashiCorp, "Run tasks API" (2026-07) and its OpenAPI. `hmac-key` is write-only: always null in answers.
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import type { Handler, Routed } from '../router.ts';
import type { RunTask, WorkspaceTask } from '../types.ts';
import { forAdmin, found, iso, type ApiContext } from './context.ts';

const stages = z.array(z.enum(['pre_plan', 'post_plan', 'pre_apply', 'post_apply']));
const level = z.enum(['advisory', 'mandatory']);
const httpUrl = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must be an http(s) URL');

const taskAttributes = z.strictObject({
  'name': z.string().min(1),
  'url': httpUrl,
  'category': z.literal('task'),
  'description': z.string().max(300).nullish(),
  'hmac-key': z.string().nullish(),
  'enabled': z.boolean().optional(),
});
const body = <T extends z.ZodType, R extends z.ZodType>(type: string, attributes: T, relationships: R) =>
  z.object({ data: z.object({ type: z.literal(type), attributes, relationships }) });
const nothing = z.unknown().optional();
const createTask = body('tasks', taskAttributes, nothing);
const updateTask = body('tasks', taskAttributes.partial(), nothing);
const createAttachment = body(
  'workspace-tasks',
  z.strictObject({ 'enforcement-level': level, 'stages': stages.optional(), 'stage': stages.element.optional() }),
  z.object({ task: z.object({ data: z.object({ type: z.literal('tasks'), id: z.string() }) }) }),
);
const updateAttachment = body(
  'workspace-tasks',
  z.strictObject({ 'enforcement-level': level.optional(), 'stages': stages.optional(), 'stage': stages.element.optional() }),
  nothing,
);

export function taskRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry } = context;
  const admin = (handle: Handler): Handler => forAdmin(context, handle);
  const task = (request: Routed): RunTask => found(world.tasks.get(request.params['id']!));
  const attachment = (request: Routed): WorkspaceTask => {
    const one = found(world.workspaceTasks.get(request.params['id']!));
    return found(one.workspaceId === request.params['workspace'] ? one : undefined);
  };
  const show = (one: RunTask): unknown => toTask(one, world.attachmentsOf({ taskId: one.id }));

  return {
    'POST /organizations/:organization/tasks': admin(async (request) => {
      const organization = found(world.organizations.get(request.params['organization']!));
      const { attributes } = readBody(createTask, request).data;
      const made = await registry.createTask(organization.name, {
        name: attributes.name,
        url: attributes.url,
        description: attributes.description ?? '',
        hmacKey: attributes['hmac-key'],
        enabled: attributes.enabled,
      });
      return json(201, { data: show(made) });
    }),
    'GET /organizations/:organization/tasks': admin((request) => {
      const organization = found(world.organizations.get(request.params['organization']!));
      return pageOf(world.tasksOf(organization.name), request, show);
    }),
    'GET /tasks/:id': admin((request) => json(200, { data: show(task(request)) })),
    'PATCH /tasks/:id': admin(async (request) => {
      const { attributes } = readBody(updateTask, request).data;
      const changed = await registry.updateTask(task(request), {
        name: attributes.name,
        url: attributes.url,
        description: attributes.description === null ? '' : attributes.description,
        hmacKey: attributes['hmac-key'],
        enabled: attributes.enabled,
      });
      return json(200, { data: show(changed) });
    }),
    'DELETE /tasks/:id': admin((request) => {
      registry.deleteTask(task(request));
      return { status: 204 };
    }),
    'GET /tasks/:id/relationships/workspace-tasks': admin((request) =>
      pageOf(world.attachmentsOf({ taskId: task(request).id }), request, (one) => ({ id: one.id, type: 'workspace-tasks' })),
    ),
    'POST /workspaces/:workspace/tasks': admin((request) => {
      const workspace = found(world.workspaces.get(request.params['workspace']!));
      const { attributes, relationships } = readBody(createAttachment, request).data;
      const made = registry.attach({
        workspaceId: workspace.id,
        taskId: relationships.task.data.id,
        stages: attributes.stages ?? [attributes.stage ?? 'post_plan'],
        enforcementLevel: attributes['enforcement-level'],
      });
      return json(201, { data: toWorkspaceTask(made) });
    }),
    'GET /workspaces/:workspace/tasks': admin((request) => {
      const workspace = found(world.workspaces.get(request.params['workspace']!));
      return pageOf(world.attachmentsOf({ workspaceId: workspace.id }), request, toWorkspaceTask);
    }),
    'GET /workspaces/:workspace/tasks/:id': admin((request) => json(200, { data: toWorkspaceTask(attachment(request)) })),
    'PATCH /workspaces/:workspace/tasks/:id': admin((request) => {
      const { attributes } = readBody(updateAttachment, request).data;
      const wanted = attributes.stages ?? (attributes.stage === undefined ? undefined : [attributes.stage]);
      const enforcementLevel = attributes['enforcement-level'];
      const changed = registry.updateAttachment(attachment(request), {
        ...(wanted === undefined ? {} : { stages: wanted }),
        ...(enforcementLevel === undefined ? {} : { enforcementLevel }),
      });
      return json(200, { data: toWorkspaceTask(changed) });
    }),
    'DELETE /workspaces/:workspace/tasks/:id': admin((request) => {
      world.workspaceTasks.delete(attachment(request).id);
      return { status: 204 };
    }),
  };
}

function toTask(task: RunTask, attachments: readonly WorkspaceTask[]): unknown {
  return {
    id: task.id,
    type: 'tasks',
    attributes: {
      'category': 'task',
      'name': task.name,
      'url': task.url,
      'description': task.description,
      'enabled': task.enabled,
      'hmac-key': null,
      'created-at': iso(task.createdAt),
      'updated-at': iso(task.updatedAt),
    },
    relationships: {
      'organization': { data: { id: task.organization, type: 'organizations' } },
      'workspace-tasks': { data: attachments.map((one) => ({ id: one.id, type: 'workspace-tasks' })) },
    },
    links: { self: `/api/v2/tasks/${task.id}` },
  };
}

function toWorkspaceTask(one: WorkspaceTask): unknown {
  return {
    id: one.id,
    type: 'workspace-tasks',
    attributes: {
      'enforcement-level': one.enforcementLevel,
      'stage': one.stages[0],
      'stages': one.stages,
      'created-at': iso(one.createdAt),
      'updated-at': iso(one.updatedAt),
    },
    relationships: {
      task: { data: { id: one.taskId, type: 'tasks' } },
      workspace: { data: { id: one.workspaceId, type: 'workspaces' } },
    },
    links: { self: `/api/v2/workspaces/${one.workspaceId}/tasks/${one.id}` },
  };
}
