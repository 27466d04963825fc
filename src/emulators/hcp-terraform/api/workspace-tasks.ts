// Attachments of run tasks to workspaces: create, list, read, change, delete.
//
// Source: HashiCorp, "Tasks API" (2026-07) and its OpenAPI (2026-08), which differ in what creating answers: see `attachAnswer`.
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import { onlyQuery } from '../query.ts';
import type { Handler, Routed } from '../router.ts';
import type { Workspace, WorkspaceTask } from '../types.ts';
import { entitledOrganization, found, withPermission, type ApiContext } from './context.ts';
import { body, identifier, level, stages, toWorkspaceTask } from './task-documents.ts';

const createAttachment = body(
  'workspace-tasks',
  z.strictObject({ 'enforcement-level': level, 'stages': stages.optional(), 'stage': stages.element.optional() }),
  z.object({ task: identifier('tasks') }),
);
const updateAttachment = body(
  'workspace-tasks',
  z.strictObject({ 'enforcement-level': level.optional(), 'stages': stages.optional(), 'stage': stages.element.optional() }),
  z.unknown().optional(),
);

export function workspaceTaskRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry, behaviour } = context;
  const writer = (handle: Handler): Handler => withPermission(context, ['manage-workspace-run-tasks'], handle);
  // Reading a workspace shows what is attached to it.
  const reader = (handle: Handler): Handler => withPermission(context, ['manage-workspace-run-tasks', 'read-workspaces'], handle);
  const workspaceOf = (request: Routed): Workspace => {
    const workspace = found(world.workspaces.get(request.params['workspace']!));
    entitledOrganization(context, workspace.organization);
    return workspace;
  };
  const attachmentOf = (request: Routed): WorkspaceTask => {
    const workspace = workspaceOf(request);
    const one = found(world.workspaceTasks.get(request.params['id']!));
    return found(one.workspaceId === workspace.id ? one : undefined);
  };
  const show = (one: WorkspaceTask): unknown => toWorkspaceTask(one, context);
  /** An old Terraform Enterprise does not know `stages` and passes over it. */
  const stagesOf = (said: z.output<typeof updateAttachment>['data']['attributes']): WorkspaceTask['stages'] | undefined => {
    const one = said.stage === undefined ? undefined : [said.stage];
    return behaviour.singleStage ? one : (said.stages ?? one);
  };

  return {
    'POST /workspaces/:workspace/tasks': writer((request) => {
      const workspace = workspaceOf(request);
      const { attributes, relationships } = readBody(createAttachment, request).data;
      const made = registry.attach({
        workspaceId: workspace.id,
        taskId: relationships.task.data.id,
        stages: stagesOf(attributes) ?? ['post_plan'],
        enforcementLevel: attributes['enforcement-level'],
      });
      return behaviour.attachAnswer === 204 ? { status: 204 } : json(201, { data: show(made) });
    }),
    'GET /workspaces/:workspace/tasks': reader((request) => {
      onlyQuery(request, []);
      return pageOf(world.workspaceTasks.by('workspace', workspaceOf(request).id), request, show);
    }),
    'GET /workspaces/:workspace/tasks/:id': reader((request) => json(200, { data: show(attachmentOf(request)) })),
    'PATCH /workspaces/:workspace/tasks/:id': writer((request) => {
      const { attributes } = readBody(updateAttachment, request).data;
      const wanted = stagesOf(attributes);
      const enforcementLevel = attributes['enforcement-level'];
      const changed = registry.updateAttachment(attachmentOf(request), {
        ...(wanted === undefined ? {} : { stages: wanted }),
        ...(enforcementLevel === undefined ? {} : { enforcementLevel }),
      });
      return json(200, { data: show(changed) });
    }),
    'DELETE /workspaces/:workspace/tasks/:id': writer((request) => {
      world.workspaceTasks.remove(attachmentOf(request));
      return { status: 204 };
    }),
  };
}
