// What HCP's documents must have for us, and what we make of them. Tolerant of everything that is not used. Pure.
//
// Source: HashiCorp's OpenAPI "API v2-Beta" (2026-08) and its pages "Run tasks", "Task configurations", "Workspaces", "Entitlement sets"
// (read 2026-11).
import * as z from 'zod';
import type { AgentPool, Attachment, Entitlements, GlobalSettings, RunTask, WorkspaceFacts } from './types.ts';

const one = z
  .object({ data: z.object({ id: z.string() }).nullish() })
  .nullish()
  .catch(undefined);
const idOf = (relation: z.output<typeof one>): string | null => relation?.data?.id ?? null;
const limit = z.number().nullish().catch(null);
const flag = (otherwise: boolean) => z.boolean().optional().default(otherwise);

/** JSON:API's envelope of one. */
export const document = <T extends z.ZodType>(data: T) => z.object({ data });
export const nothing = z.unknown();

const globalConfiguration = z
  .object({
    'enabled': z.boolean().nullish(),
    'stages': z.array(z.string()).nullish(),
    'enforcement-level': z.string().nullish(),
  })
  .nullish();

export const taskSchema = z.object({
  id: z.string(),
  attributes: z.object({
    'name': z.string(),
    'url': z.string(),
    'description': z.string().nullish(),
    'enabled': flag(true),
    'global-configuration': globalConfiguration.catch(null),
  }),
  relationships: z.object({ 'agent-pool': one }).optional(),
});

export function toRunTask(organization: string, { id, attributes, relationships }: z.output<typeof taskSchema>): RunTask {
  return {
    id,
    organization,
    name: attributes.name,
    url: attributes.url,
    description: attributes.description ?? '',
    enabled: attributes.enabled,
    agentPoolId: idOf(relationships?.['agent-pool']),
    legacyGlobal: toLegacyGlobal(attributes['global-configuration']),
  };
}

function toLegacyGlobal(said: z.output<typeof globalConfiguration>): GlobalSettings | 'off' | null {
  if (said === null || said === undefined) return null;
  if (said.enabled !== true) return 'off';
  return { stages: said.stages ?? [], enforcementLevel: said['enforcement-level'] ?? 'advisory' };
}

export const taskConfigSchema = z.object({
  id: z.string(),
  attributes: z.object({
    'global': flag(false),
    'enforcement-level': z.string().nullish(),
    'allowed-stages': z.array(z.string()).nullish(),
  }),
  relationships: z.object({ task: one }).optional(),
});

export interface TaskConfig {
  readonly id: string;
  /** null: the answer to a PATCH may leave it out. */
  readonly taskId: string | null;
  /** null: not global; it may be aimed at projects. */
  readonly global: GlobalSettings | null;
}

export const toTaskConfig = ({ id, attributes, relationships }: z.output<typeof taskConfigSchema>): TaskConfig => ({
  id,
  taskId: idOf(relationships?.task),
  global: attributes.global
    ? { stages: attributes['allowed-stages'] ?? [], enforcementLevel: attributes['enforcement-level'] ?? 'advisory' }
    : null,
});

export const attachmentSchema = z.object({
  id: z.string(),
  attributes: z.object({
    'enforcement-level': z.string(),
    /** Absent on a Terraform Enterprise before v202404-1, which has one. */
    'stages': z.array(z.string()).nullish(),
    'stage': z.string().nullish(),
  }),
  relationships: z.object({ task: one, workspace: one }).optional(),
});

/** @returns null when it does not say of which task and workspace, and the caller does not know */
export function toAttachment(
  { id, attributes, relationships }: z.output<typeof attachmentSchema>,
  known: { readonly taskId?: string; readonly workspaceId?: string } = {},
): Attachment | null {
  const taskId = idOf(relationships?.task) ?? known.taskId;
  const workspaceId = idOf(relationships?.workspace) ?? known.workspaceId;
  if (taskId === undefined || workspaceId === undefined) return null;
  const { stage } = attributes;
  const stages = attributes.stages ?? (stage === null || stage === undefined ? [] : [stage]);
  return { id, taskId, workspaceId, stages, enforcementLevel: attributes['enforcement-level'] };
}

const reference = z.object({ id: z.string(), type: z.string() });

/** A task with what hangs on it. What is included and is no attachment is somebody else's business. */
export const taskWithAttachmentsSchema = z.object({
  data: z.object({
    relationships: z
      .object({
        'workspace-tasks': z
          .object({ data: z.array(reference).nullish() })
          .nullish()
          .catch(undefined),
      })
      .optional(),
  }),
  included: z.array(z.unknown()).optional().default([]),
});

export const workspaceSchema = z.object({
  id: z.string(),
  attributes: z.object({
    'name': z.string(),
    'tag-names': z.array(z.string()).nullish().catch([]),
    'terraform-version': z.string().optional().catch(undefined),
  }),
  relationships: z
    .object({
      'project': one,
      'effective-tag-bindings': z
        .object({ data: z.array(reference).nullish() })
        .nullish()
        .catch(undefined),
    })
    .optional(),
});

export const projectSchema = z.object({
  id: z.string(),
  type: z.literal('projects').optional(),
  attributes: z.object({ name: z.string() }),
});
export const bindingSchema = z.object({
  id: z.string(),
  type: z.literal('effective-tag-bindings'),
  attributes: z.object({ key: z.string(), value: z.string().nullish() }),
});

export interface WorkspaceSurroundings {
  readonly projects: ReadonlyMap<string, string>;
  /** null: the API does not include them. */
  readonly bindings: ReadonlyMap<string, { readonly key: string; readonly value: string }> | null;
}

export function toWorkspace(
  { id, attributes, relationships }: z.output<typeof workspaceSchema>,
  { projects, bindings }: WorkspaceSurroundings,
): WorkspaceFacts {
  const projectId = idOf(relationships?.project);
  // Made without a prototype: a tag may be called `__proto__`.
  const tagBindings = Object.create(null) as Record<string, string>;
  let untold: WorkspaceFacts['tagsUntold'] = bindings === null ? 'values' : undefined;
  for (const { id: bindingId } of relationships?.['effective-tag-bindings']?.data ?? []) {
    const binding = bindings?.get(bindingId);
    if (binding === undefined) untold = 'some';
    else tagBindings[binding.key] = binding.value;
  }
  return {
    id,
    name: attributes.name,
    project: projectId === null ? null : { id: projectId, name: projects.get(projectId) ?? null },
    tags: [...new Set([...(attributes['tag-names'] ?? []), ...Object.keys(tagBindings)])],
    tagBindings,
    ...(untold === undefined ? {} : { tagsUntold: untold }),
    ...(attributes['terraform-version'] === undefined ? {} : { terraformVersion: attributes['terraform-version'] }),
  };
}

export const agentPoolSchema = z.object({ id: z.string(), attributes: z.object({ name: z.string() }) });
export const toAgentPool = ({ id, attributes }: z.output<typeof agentPoolSchema>): AgentPool => ({ id, name: attributes.name });

export const entitlementsSchema = z.object({
  attributes: z.object({
    // A Terraform Enterprise of before these words has the feature or answers 404: what is not said does not stop anybody.
    'run-tasks': flag(true),
    'global-run-tasks': flag(true),
    'private-run-tasks': flag(true),
    'run-task-limit': limit,
    'run-task-workspace-limit': limit,
    'run-task-mandatory-enforcement-limit': limit,
  }),
});

export const toEntitlements = ({ attributes }: z.output<typeof entitlementsSchema>): Entitlements => ({
  runTasks: attributes['run-tasks'],
  globalRunTasks: attributes['global-run-tasks'],
  privateRunTasks: attributes['private-run-tasks'],
  runTaskLimit: attributes['run-task-limit'] ?? null,
  runTaskWorkspaceLimit: attributes['run-task-workspace-limit'] ?? null,
  runTaskMandatoryLimit: attributes['run-task-mandatory-enforcement-limit'] ?? null,
});
