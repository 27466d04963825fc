// Task-configs: in which workspaces a run task is called without being attached. 404 throughout where the API has none, or the organization
// is not entitled to global run tasks.
//
// Sources: HashiCorp, "Task configurations API" (2026-07); for `for-owner`, which that page does not have, its query and its 404 without
// one, hashicorp/terraform-provider-tfe#2180 (2026-08-05). Changing answers 201 on that page, 200 to every other PATCH of the API: 201 here.
import * as z from 'zod';
import { json, notFound, pageOf, readBody } from '../json-api.ts';
import { onlyQuery } from '../query.ts';
import type { Handler, Routed } from '../router.ts';
import type { TaskConfigSpec } from '../task-configs.ts';
import type { Organization, TaskConfig } from '../types.ts';
import { entitledOrganization, found, withPermission, type ApiContext } from './context.ts';
import { body, identifier, identifiers, level, stages, toTaskConfig } from './task-documents.ts';

export const taskConfigAttributes = z.strictObject({ 'global': z.boolean(), 'enforcement-level': level, 'allowed-stages': stages });
export const taskConfigTargets = z.object({ owner: identifier('organizations'), projects: identifiers('projects').optional() });
const createConfig = body('task-configs', taskConfigAttributes, taskConfigTargets.extend({ task: identifier('tasks') }));
const updateConfig = body(
  'task-configs',
  taskConfigAttributes.partial(),
  z.object({ projects: identifiers('projects').optional() }).optional(),
);

/** Of a new one: it has everything. */
export function readTaskConfig(data: {
  readonly attributes: z.output<typeof taskConfigAttributes>;
  readonly relationships: z.output<typeof taskConfigTargets>;
}): TaskConfigSpec {
  return {
    global: data.attributes.global,
    enforcementLevel: data.attributes['enforcement-level'],
    stages: data.attributes['allowed-stages'],
    projectIds: data.relationships.projects?.data.map(({ id }) => id) ?? [],
  };
}

export function taskConfigRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry, behaviour } = context;
  const allowed = (handle: Handler): Handler =>
    withPermission(context, ['manage-run-tasks'], (request) => {
      if (!behaviour.taskConfigs) throw notFound();
      return handle(request);
    });
  const entitled = (name: string | undefined): Organization => {
    const organization = entitledOrganization(context, name);
    return found(organization.entitlements.globalRunTasks ? organization : undefined);
  };
  const configOf = (request: Routed): TaskConfig => {
    const config = found(world.taskConfigs.get(request.params['id']!));
    entitled(config.organization);
    return config;
  };

  return {
    'POST /organizations/:organization/task-configs': allowed((request) => {
      const { name } = entitled(request.params['organization']);
      const { data } = readBody(createConfig, request);
      const task = found(world.tasks.get(data.relationships.task.data.id));
      if (task.organization !== name || data.relationships.owner.data.id !== name) throw notFound();
      return json(201, { data: toTaskConfig(registry.createTaskConfig(task, readTaskConfig(data))) });
    }),
    'GET /organizations/:organization/task-configs': allowed((request) => {
      const { name } = entitled(request.params['organization']);
      const query = onlyQuery(request, ['filter[target_type]', 'filter[target_id]', 'filter[task_category]']);
      const project = query.get('filter[target_type]') === 'project' ? query.get('filter[target_id]') : null;
      const all = world.taskConfigs.by('organization', name);
      return pageOf(project === null ? all : all.filter(({ projectIds }) => projectIds.includes(project)), request, toTaskConfig);
    }),
    'GET /organizations/:organization/task-configs/for-owner': allowed((request) => {
      const { name } = entitled(request.params['organization']);
      const query = onlyQuery(request, ['q[task-id]', 'q[owner-id]', 'q[owner-type]']);
      if (query.get('q[owner-type]') !== 'organizations' || query.get('q[owner-id]') !== name) throw notFound();
      const config = found(world.taskConfigOf(query.get('q[task-id]') ?? ''));
      return json(200, { data: toTaskConfig(found(config.organization === name ? config : undefined)) });
    }),
    'GET /task-configs/:id': allowed((request) => json(200, { data: toTaskConfig(configOf(request)) })),
    'PATCH /task-configs/:id': allowed((request) => {
      const config = configOf(request);
      const { attributes, relationships } = readBody(updateConfig, request).data;
      const projectIds = relationships?.projects?.data.map(({ id }) => id);
      const changed = registry.updateTaskConfig(config, {
        global: attributes.global ?? config.global,
        ...(attributes['enforcement-level'] === undefined ? {} : { enforcementLevel: attributes['enforcement-level'] }),
        stages: attributes['allowed-stages'] ?? config.stages,
        projectIds: projectIds ?? (attributes.global === true ? [] : config.projectIds),
      });
      return json(201, { data: toTaskConfig(changed) });
    }),
  };
}
