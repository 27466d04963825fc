// Run tasks, attachments and task-configs as the API takes and shows them. No routes.
//
// Sources: HashiCorp's OpenAPI (2026-08); for task-configs, which it does not have, "Task configurations API" (2026-07).
import * as z from 'zod';
import type { RunTask, TaskConfig, WorkspaceTask } from '../types.ts';
import { iso, type ApiContext } from './context.ts';

export const stages = z.array(z.enum(['pre_plan', 'post_plan', 'pre_apply', 'post_apply']));
export const level = z.enum(['advisory', 'mandatory']);
export const identifier = <T extends string>(type: T) => z.object({ data: z.object({ type: z.literal(type), id: z.string() }) });
export const identifiers = <T extends string>(type: T) => z.object({ data: z.array(z.object({ type: z.literal(type), id: z.string() })) });
export const body = <T extends string, A extends z.ZodType, R extends z.ZodType>(type: T, attributes: A, relationships: R) =>
  z.object({ data: z.object({ type: z.literal(type), attributes, relationships }) });

const global = (task: RunTask, { world, behaviour }: ApiContext): unknown => {
  // null and not absent: go-tfe's test of an organization without global run tasks; the OpenAPI does not know null here.
  if (world.organizations.get(task.organization)?.entitlements.globalRunTasks !== true) return null;
  const config = behaviour.taskConfigs ? undefined : world.taskConfigOf(task.id);
  // With task-configs always the legacy defaults, whatever the task-config says (hashicorp/terraform-provider-tfe#2180, 2026-08).
  return {
    'enabled': config?.global ?? false,
    'stages': config?.stages ?? [],
    'enforcement-level': config?.enforcementLevel ?? null,
  };
};

export function toTask(task: RunTask, context: ApiContext): unknown {
  const { world, behaviour } = context;
  const config = world.taskConfigOf(task.id);
  return {
    id: task.id,
    type: 'tasks',
    attributes: {
      'category': 'task',
      'name': task.name,
      'url': task.url,
      'description': task.description,
      'enabled': task.enabled,
      // Write-only.
      'hmac-key': null,
      'global-configuration': global(task, context),
      'created-at': iso(task.createdAt),
      'updated-at': iso(task.updatedAt),
    },
    relationships: {
      'organization': { data: { id: task.organization, type: 'organizations' } },
      'workspace-tasks': { data: world.workspaceTasks.by('task', task.id).map(({ id }) => ({ id, type: 'workspace-tasks' })) },
      // Absent and not null without one, as in HashiCorp's samples.
      ...(task.agentPoolId === null ? {} : { 'agent-pool': { data: { id: task.agentPoolId, type: 'agent-pools' } } }),
      ...(behaviour.taskConfigs ? { 'task-configs': { data: config === undefined ? [] : [{ id: config.id, type: 'task-configs' }] } } : {}),
    },
    links: { self: `/api/v2/tasks/${task.id}` },
  };
}

export function toWorkspaceTask(one: WorkspaceTask, { behaviour }: ApiContext): unknown {
  return {
    id: one.id,
    type: 'workspace-tasks',
    attributes: {
      'enforcement-level': one.enforcementLevel,
      'stage': one.stages[0],
      ...(behaviour.singleStage ? {} : { stages: one.stages }),
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

export const toTaskConfig = (config: TaskConfig): unknown => ({
  id: config.id,
  type: 'task-configs',
  attributes: { 'global': config.global, 'enforcement-level': config.enforcementLevel, 'allowed-stages': config.stages },
  relationships: {
    owner: { data: { id: config.organization, type: 'organizations' } },
    task: { data: { id: config.taskId, type: 'tasks' } },
    projects: { data: config.projectIds.map((id) => ({ id, type: 'projects' })) },
  },
});
