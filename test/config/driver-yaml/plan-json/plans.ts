// Plans of the config tool made by hand, of resources that exist only here: a task, its attachments, a file with a text.
import type { Change } from '../../../../src/config/engine/operations.ts';
import type { AnyResource } from '../../../../src/config/engine/resource.ts';
import {
  bool,
  computed,
  list,
  number,
  object,
  optional,
  required,
  set,
  string,
  withDefault,
} from '../../../../src/config/engine/schema.ts';
import { UNKNOWN, type ValueMap } from '../../../../src/config/engine/values.ts';
import { Reference, type Item } from '../../../../src/config/driver-yaml/item.ts';
import type { ConfigPlan, PlannedItem } from '../../../../src/config/driver-yaml/plan.ts';
import { resource, type Clients } from '../../../../src/config/resources/clients.ts';

const never = (): never => {
  throw new Error('Nothing is asked of an API here');
};
const calls = { find: never, read: never, create: never, update: never, delete: never };

export const TASK = resource({
  name: 'organization_run_task',
  description: 'A run task',
  schema: {
    organization: required(string, { description: 'Its organization', replace: true }),
    name: required(string, { description: 'Its name', replace: true }),
    url: required(string, { description: 'Where runs are posted' }),
    description: withDefault(string, '', { description: 'For people' }),
    enabled: withDefault(bool, true, { description: 'Is it called?' }),
    hmac_key: optional(string, { description: 'Signs', writeOnly: true }),
    hmac_key_version: optional(number, { description: 'Which key' }),
    global: optional(
      object({
        token: optional(string, { description: 'Secret', sensitive: true }),
        stages: optional(list(string), { description: 'When' }),
      }),
      {
        description: 'For all workspaces',
      },
    ),
    id: computed(string, { description: 'Its id', stable: true }),
  },
  key: ['organization', 'name'],
  import: { form: 'ORG/TASK', toKey: never, toId: ({ organization, name }) => `${organization}/${name}` },
  ...calls,
}) satisfies AnyResource<Clients>;

export const ATTACHMENT = resource({
  name: 'workspace_run_task',
  description: 'A run task on a workspace',
  schema: {
    organization: required(string, { description: 'Its organization', replace: true }),
    workspace: required(string, { description: 'The workspace', replace: true }),
    run_task: required(string, { description: 'The task', replace: true }),
    stages: withDefault(set(string), ['post_plan'], { description: 'When' }),
    enforcement_level: required(string, { description: 'Does it stop a run?' }),
    id: computed(string, { description: 'Its id', stable: true }),
    workspace_id: computed(string, { description: 'Of the workspace', stable: true }),
  },
  key: ['organization', 'workspace', 'run_task'],
  import: {
    form: 'ORG/WORKSPACE/TASK',
    toKey: never,
    toId: ({ organization, workspace, run_task }) => `${organization}/${workspace}/${run_task}`,
  },
  ...calls,
}) satisfies AnyResource<Clients>;

export const WORKFLOW = resource({
  name: 'repository_workflow',
  description: 'A workflow file',
  schema: {
    repository: required(string, { description: 'owner/name', replace: true }),
    path: required(string, { description: 'Its path', replace: true }),
    content: computed(string, { description: 'The whole text' }),
  },
  key: ['repository', 'path'],
  import: { form: 'OWNER/REPO:PATH', toKey: never, toId: ({ repository, path }) => `${repository}:${path}` },
  ...calls,
}) satisfies AnyResource<Clients>;

export const task = (more: ValueMap = {}): ValueMap => ({
  organization: 'acme',
  name: 'gate',
  url: 'https://relay.example.com/hooks/gate',
  description: 'Checks in acme/terraform-gate',
  enabled: true,
  hmac_key: null,
  hmac_key_version: 1,
  global: null,
  id: 'task-1',
  ...more,
});

export const attachment = (workspace: string, more: ValueMap = {}): ValueMap => ({
  organization: 'acme',
  workspace,
  run_task: 'gate',
  stages: ['post_plan'],
  enforcement_level: 'mandatory',
  id: `wstask-${workspace}`,
  workspace_id: `ws-${workspace}`,
  ...more,
});

export const NEW_ATTACHMENT: ValueMap = { id: UNKNOWN };

export function change(prior: ValueMap | null, planned: ValueMap | null, replacePaths: Change['replacePaths'] = []): Change {
  const action =
    prior === null
      ? 'create'
      : planned === null
        ? 'delete'
        : replacePaths.length > 0
          ? 'replace'
          : JSON.stringify(prior) === JSON.stringify(planned)
            ? 'no-op'
            : 'update';
  return { action, prior, planned, replacePaths };
}

export function planned(
  resource: AnyResource<Clients>,
  name: string,
  index: string | null,
  what: Change,
  more: Partial<PlannedItem> = {},
): PlannedItem {
  const address = `runtask_${resource.name}.${name}${index === null ? '' : `["${index}"]`}`;
  return {
    address,
    name,
    index,
    resource,
    id: resource.import.toId((what.planned ?? what.prior ?? {}) as never),
    change: what,
    importing: false,
    changedOutside: null,
    deleteReason: what.action === 'delete' ? 'not-declared' : null,
    item: what.planned === null ? null : item(resource, address, name, index, what.planned),
    dependsOn: [],
    pending: null,
    ...more,
  };
}

function item(resource: AnyResource<Clients>, address: string, name: string, index: string | null, values: ValueMap): Item {
  const known = Object.entries(values).filter(([, value]) => value !== UNKNOWN && value !== null);
  const config: Item['config'] = {
    ...Object.fromEntries(known.filter(([attribute]) => !['id', 'workspace_id', 'content'].includes(attribute))),
    ...(resource === TASK ? { hmac_key: 'the-hmac-key-of-gate' } : {}),
    ...(resource === ATTACHMENT ? { run_task: new Reference('runtask_organization_run_task.gate', 'name') } : {}),
  };
  return { address, name, index, resource, config, after: [], placeOf: () => [] };
}

export const aPlan = (items: readonly PlannedItem[], more: Partial<ConfigPlan> = {}): ConfigPlan => ({
  items,
  diagnostics: [],
  forgotten: [],
  ...more,
});
