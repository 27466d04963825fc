// Making organizations, projects, workspaces, agent pools, run tasks and attachments: one set of rules for the API and for tests that call
// directly. The rules of run tasks and of attachments have files of their own.
import { createAttachments, type Attachments } from './attachments.ts';
import { UNLIMITED } from './editions.ts';
import { invalid, notFound } from './json-api.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createRunTasks, type RunTasks } from './run-tasks.ts';
import { createTaskConfigs, type TaskConfigs } from './task-configs.ts';
import type { AgentPool, Entitlements, Organization, Project, Workspace, WorkspaceVcs } from './types.ts';
import type { World } from './world.ts';

export interface WorkspaceSpec {
  readonly organization: string;
  readonly name: string;
  readonly vcs?: WorkspaceVcs | null;
  readonly workingDirectory?: string;
  /** Its name; `Default Project` unless told, made when it is new. */
  readonly project?: string;
  readonly tags?: readonly string[];
  readonly tagBindings?: Readonly<Record<string, string>>;
}

export type WorkspaceChange = Partial<Omit<WorkspaceSpec, 'organization'>>;

export interface Registry extends RunTasks, TaskConfigs, Attachments {
  createOrganization(name: string, entitlements?: Partial<Entitlements>): Organization;
  createProject(spec: { organization: string; name: string; tagBindings?: Readonly<Record<string, string>> }): Project;
  createAgentPool(spec: { organization: string; name: string }): AgentPool;
  createWorkspace(spec: WorkspaceSpec): Workspace;
  /** Absent fields stay as they are. */
  updateWorkspace(workspace: Workspace, change: WorkspaceChange): Workspace;
}

const taken = (): Error => invalid('Name has already been taken', '/data/attributes/name');

export function createRegistry(world: World, deps: RegistryDeps): Registry {
  const { ids } = deps;
  const now = (): number => deps.clock.now();
  const mustExist = (organization: string): void => {
    if (!world.organizations.has(organization)) throw notFound();
  };

  const createProject: Registry['createProject'] = ({ organization, name, tagBindings = {} }) => {
    mustExist(organization);
    if (world.projectNamed(organization, name) !== undefined) throw taken();
    const project: Project = { id: ids.id('prj'), organization, name, createdAt: now(), tagBindings };
    world.projects.add(project);
    return project;
  };
  const projectOf = (organization: string, name: string): Project =>
    world.projectNamed(organization, name) ?? createProject({ organization, name });

  return {
    ...createTaskConfigs(world, deps),
    ...createRunTasks(world, deps),
    ...createAttachments(world, deps),
    createOrganization(name, entitlements = {}) {
      if (world.organizations.has(name)) throw taken();
      const organization: Organization = { name, createdAt: now(), entitlements: { ...UNLIMITED, ...entitlements } };
      world.organizations.set(name, organization);
      createProject({ organization: name, name: 'Default Project' });
      return organization;
    },
    createProject,
    createAgentPool({ organization, name }) {
      mustExist(organization);
      if (world.agentPoolNamed(organization, name) !== undefined) throw taken();
      const pool: AgentPool = { id: ids.id('apool'), organization, name, createdAt: now() };
      world.agentPools.add(pool);
      return pool;
    },
    createWorkspace(spec) {
      mustExist(spec.organization);
      if (world.workspaceNamed(spec.organization, spec.name) !== undefined) throw taken();
      const workspace: Workspace = {
        id: ids.id('ws'),
        organization: spec.organization,
        name: spec.name,
        project: projectOf(spec.organization, spec.project ?? 'Default Project'),
        vcs: spec.vcs ?? null,
        workingDirectory: spec.workingDirectory ?? '',
        tags: spec.tags ?? [],
        tagBindings: spec.tagBindings ?? {},
        createdAt: now(),
      };
      world.workspaces.add(workspace);
      return workspace;
    },
    updateWorkspace(workspace, change) {
      const { organization } = workspace;
      const other = change.name === undefined ? undefined : world.workspaceNamed(organization, change.name);
      if (other !== undefined && other !== workspace) throw taken();
      const project = change.project === undefined ? workspace.project : projectOf(organization, change.project);
      world.workspaces.change(workspace, (one) => {
        one.name = change.name ?? one.name;
        one.project = project;
        one.vcs = change.vcs === undefined ? one.vcs : change.vcs;
        one.workingDirectory = change.workingDirectory ?? one.workingDirectory;
        one.tags = change.tags ?? one.tags;
        one.tagBindings = change.tagBindings ?? one.tagBindings;
      });
      return workspace;
    },
  };
}
