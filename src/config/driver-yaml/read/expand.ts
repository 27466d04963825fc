// The file as objects: one item for each run task, attached workspace, workflow, variable and secret. Pure.
import type { ConfigFile, RepositorySpec, RunTaskSpec } from '../../../contracts/config-file.ts';
import type { DocumentPath } from '../../../documents/path.ts';
import type { WorkspaceFacts } from '../../../hcp/management/index.ts';
import type { AnyResource } from '../../engine/resource.ts';
import { UNKNOWN, type Value } from '../../engine/values.ts';
import type { Clients } from '../../resources/clients.ts';
import { Reference, type Expanded, type Item } from '../item.ts';
import { toAddress, toNames, toRepositoryNames } from './addresses.ts';
import { expandAttachments, type Target } from './attachments.ts';

export type Resources = Readonly<
  Record<
    'organization_run_task' | 'workspace_run_task' | 'repository_workflow' | 'repository_secret' | 'repository_variable',
    AnyResource<Clients>
  >
>;

export interface Expandable {
  readonly config: ConfigFile;
  readonly resources: Resources;
  /** Keys of the file, in its order. */
  readonly sections: readonly string[];
  /** What stands behind the name of a secret. */
  secretAt(path: DocumentPath): string | null;
  lineOf(path: DocumentPath): number | undefined;
}

/** In the order of the file. Attachments come after all that repositories need: nothing is posted before somebody answers. */
export function expandConfig(from: Expandable, workspaces: readonly WorkspaceFacts[]): Expanded {
  const { config } = from;
  const tasks = runTaskItems(from);
  const repositories = repositoryItems(from);
  const after = repositories.map(({ address }) => address);
  const { targets, problems, empty } = expandAttachments(config.attachments, workspaces, config.hcp.organization, from.lineOf);
  const attached = targets.flatMap((target) => {
    const task = tasks.get(target.attachment.run_task);
    return task === undefined ? [] : [attachmentItem(target, task, after, from)];
  });
  const items = new Map([
    ['run_tasks', [...tasks.values()]],
    ['attachments', attached],
    ['repositories', repositories],
  ]);
  return { items: from.sections.flatMap((section) => items.get(section) ?? []), problems, empty };
}

/** What can be judged before anybody is asked: each attachment stands for the workspaces that it will take. */
export function sampleItems(from: Expandable): readonly Item[] {
  const tasks = runTaskItems(from);
  const samples = from.config.attachments.flatMap((attachment, index) => {
    const at: DocumentPath = ['attachments', index];
    const task = tasks.get(attachment.run_task);
    return task === undefined ? [] : [attachmentItem({ attachment, workspace: UNKNOWN, at, place: [...at, 'workspaces'] }, task, [], from)];
  });
  return [...tasks.values(), ...repositoryItems(from), ...samples];
}

interface Said {
  readonly value: Value | Reference;
  readonly place: DocumentPath;
}
/** undefined: the file does not say it */
type Attributes = Readonly<Record<string, Said | undefined>>;

function createItem(
  resource: AnyResource<Clients>,
  name: string,
  index: string | null,
  attributes: Attributes,
  at: DocumentPath,
  after: readonly string[] = [],
): Item {
  const said = Object.entries(attributes).filter((entry): entry is [string, Said] => entry[1] !== undefined);
  return {
    address: toAddress(resource.name, name, index),
    name,
    index,
    resource,
    config: Object.fromEntries(said.map(([attribute, { value }]) => [attribute, value])),
    after,
    placeOf: ([attribute, ...rest]) => {
      if (attribute === undefined) return at;
      const place = said.find(([one]) => one === attribute)?.[1].place;
      return place === undefined ? [...at, attribute, ...rest] : [...place, ...rest];
    },
  };
}

/** What stands under a key of the file, under the same name. */
const from = <T extends object>(spec: T, at: DocumentPath, key: keyof T & string): Said | undefined => {
  const value = spec[key];
  return value === undefined ? undefined : { value: value as Value, place: [...at, key] };
};

function runTaskItems({ config, resources, secretAt }: Expandable): ReadonlyMap<string, Item> {
  const specs = Object.entries(config.run_tasks);
  const names = toNames(specs.map(([name]) => name));
  return new Map(
    specs.map(([name, spec]) => {
      const at: DocumentPath = ['run_tasks', name];
      const relay: DocumentPath = ['relay'];
      // A key and its version stand together: here, or both at the relay.
      const keyAt = spec.hmac_key === undefined ? relay : at;
      const keySpec: Pick<RunTaskSpec, 'hmac_key' | 'hmac_key_version'> = spec.hmac_key === undefined ? (config.relay ?? {}) : spec;
      const key = secretAt([...keyAt, 'hmac_key']);
      const attributes: Attributes = {
        organization: { value: config.hcp.organization, place: ['hcp', 'organization'] },
        name: { value: name, place: at },
        url: from(spec, at, 'url') ?? from(config.relay ?? {}, relay, 'url'),
        description: from(spec, at, 'description'),
        enabled: from(spec, at, 'enabled'),
        hmac_key: key === null ? undefined : { value: key, place: [...keyAt, 'hmac_key'] },
        hmac_key_version: from(keySpec, keyAt, 'hmac_key_version'),
        agent_pool: from(spec, at, 'agent_pool'),
        global: from(spec, at, 'global'),
      };
      return [name, createItem(resources.organization_run_task, names.get(name) ?? name, null, attributes, at)];
    }),
  );
}

function repositoryItems({ config, resources, secretAt }: Expandable): readonly Item[] {
  const names = toRepositoryNames(Object.keys(config.repositories));
  return Object.entries(config.repositories).flatMap(([repository, spec]) => {
    const at: DocumentPath = ['repositories', repository];
    const name = names.get(repository) ?? repository;
    const of: Said = { value: repository, place: at };
    const settings = [...variableItems(spec, at, name, of, resources), ...secretItems(spec, at, name, of, resources, secretAt)];
    const { workflow } = spec;
    if (workflow === undefined) return settings;
    const place = [...at, 'workflow'];
    const said = Object.keys(workflow).map((key) => [key, from(workflow, place, key as keyof typeof workflow)] as const);
    const attributes: Attributes = { repository: of, ...Object.fromEntries(said) };
    const after = settings.map(({ address }) => address);
    return [...settings, createItem(resources.repository_workflow, name, workflow.path, attributes, place, after)];
  });
}

const variableItems = (spec: RepositorySpec, at: DocumentPath, name: string, repository: Said, resources: Resources): Item[] =>
  Object.entries(spec.variables ?? {}).map(([variable, value]) => {
    const place = [...at, 'variables', variable];
    const attributes: Attributes = { repository, name: { value: variable, place }, value: { value, place } };
    return createItem(resources.repository_variable, name, variable, attributes, place);
  });

const secretItems = (
  spec: RepositorySpec,
  at: DocumentPath,
  name: string,
  repository: Said,
  resources: Resources,
  secretAt: Expandable['secretAt'],
): Item[] =>
  Object.entries(spec.secrets ?? {}).map(([secret, { version }]) => {
    const place = [...at, 'secrets', secret];
    const value = secretAt([...place, 'value']);
    const attributes: Attributes = {
      repository,
      name: { value: secret, place },
      value: value === null ? undefined : { value, place: [...place, 'value'] },
      value_version: { value: version, place: [...place, 'version'] },
    };
    return createItem(resources.repository_secret, name, secret, attributes, place);
  });

function attachmentItem(
  target: Omit<Target, 'workspace'> & { readonly workspace: Value },
  task: Item,
  after: readonly string[],
  { config, resources }: Expandable,
): Item {
  const { attachment, workspace, at, place } = target;
  const attributes: Attributes = {
    organization: { value: config.hcp.organization, place: ['hcp', 'organization'] },
    workspace: { value: workspace, place },
    // By reference, so that the task is there first.
    run_task: { value: new Reference(task.address, 'name'), place: [...at, 'run_task'] },
    stages: from(attachment, at, 'stages'),
    enforcement_level: from(attachment, at, 'enforcement_level'),
  };
  return createItem(resources.workspace_run_task, task.name, typeof workspace === 'string' ? workspace : null, attributes, at, after);
}
