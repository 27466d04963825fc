// Making organizations, workspaces, run tasks and attachments: one set of rules for the API and for tests that call directly.
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import { invalid, notFound } from './json-api.ts';
import type { Ids } from './ids.ts';
import { toRegistrationPayload } from './payload.ts';
import { post, type PostDeps } from './post.ts';
import { STAGE_ORDER } from './run.ts';
import type { Entitlements, Organization, Project, RunTask, Workspace, WorkspaceTask, WorkspaceVcs } from './types.ts';
import type { World } from './world.ts';

export interface TaskSpec {
  readonly name: string;
  readonly url: string;
  readonly description?: string | undefined;
  readonly hmacKey?: string | null | undefined;
  readonly enabled?: boolean | undefined;
}

export type TaskChange = { readonly [Key in keyof TaskSpec]?: TaskSpec[Key] | undefined };

export interface AttachmentSpec {
  readonly workspaceId: string;
  readonly taskId: string;
  readonly stages: readonly Stage[];
  readonly enforcementLevel: EnforcementLevel;
}

export interface Registry {
  createOrganization(name: string, entitlements?: Partial<Entitlements>): Organization;
  createWorkspace(spec: {
    organization: string;
    name: string;
    vcs?: WorkspaceVcs | null;
    workingDirectory?: string;
    project?: string;
  }): Workspace;
  createTask(organization: string, spec: TaskSpec): Promise<RunTask>;
  /** Absent fields stay as they are; an empty key removes it. Verified anew each time, as HCP is believed to do. */
  updateTask(task: RunTask, change: TaskChange): Promise<RunTask>;
  deleteTask(task: RunTask): void;
  attach(spec: AttachmentSpec): WorkspaceTask;
  updateAttachment(attachment: WorkspaceTask, change: Partial<Pick<AttachmentSpec, 'stages' | 'enforcementLevel'>>): WorkspaceTask;
}

export function createRegistry(world: World, deps: PostDeps & { ids: Ids; origin: () => string }): Registry {
  const { ids } = deps;
  const now = (): number => deps.clock.now();

  /** HCP posts a test and wants exactly 200: a 202 has cost people a day (aws-ia/terraform-aws-runtask-iam-access-analyzer#117). */
  const verify = async (url: string, hmacKey: string | null): Promise<void> => {
    const bytes = Buffer.from(JSON.stringify(toRegistrationPayload(deps.origin())));
    const sent = await post({ kind: 'registration', url, bytes, hmacKey, attempt: 1, taskResultId: null }, deps);
    if (sent.status === 200) return;
    throw invalid(
      `URL could not be verified: the test request must be answered with 200, got ${sent.status ?? sent.error ?? 'no answer'}`,
      '/data/attributes/url',
    );
  };

  const checkName = (organization: string, name: string, self?: RunTask): void => {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) throw invalid('Name can only include letters, numbers, -, and _', '/data/attributes/name');
    const other = world.taskNamed(organization, name);
    if (other !== undefined && other !== self) throw invalid('Name has already been taken', '/data/attributes/name');
  };

  const checkAttachment = (organization: Organization, stages: readonly Stage[], level: EnforcementLevel, self?: WorkspaceTask): void => {
    if (stages.length === 0 || !stages.every((stage) => STAGE_ORDER.includes(stage)) || new Set(stages).size !== stages.length)
      throw invalid(`Stages must be distinct and among ${STAGE_ORDER.join(', ')}`, '/data/attributes/stages');
    const { runTaskMandatoryLimit: limit } = organization.entitlements;
    const mandatory = [...world.workspaceTasks.values()].filter((one) => one !== self && one.enforcementLevel === 'mandatory');
    if (level === 'mandatory' && limit !== null && mandatory.length >= limit)
      throw invalid(`The organization may have ${limit} mandatory run task(s)`, '/data/attributes/enforcement-level');
  };

  const organizationOf = (name: string): Organization => {
    const organization = world.organizations.get(name);
    if (organization === undefined) throw notFound();
    return organization;
  };

  const projectOf = (organization: string, name: string): Project => {
    const known = world.workspacesOf(organization).find(({ project }) => project.name === name);
    return known?.project ?? { id: ids.id('prj'), organization, name, createdAt: now() };
  };

  return {
    createOrganization(name, entitlements = {}) {
      if (world.organizations.has(name)) throw invalid('Name has already been taken', '/data/attributes/name');
      const unlimited = { runTaskLimit: null, runTaskWorkspaceLimit: null, runTaskMandatoryLimit: null };
      const organization: Organization = { name, createdAt: now(), entitlements: { ...unlimited, ...entitlements } };
      world.organizations.set(name, organization);
      return organization;
    },
    createWorkspace(spec) {
      organizationOf(spec.organization);
      if (world.workspaceNamed(spec.organization, spec.name) !== undefined)
        throw invalid('Name has already been taken', '/data/attributes/name');
      const workspace: Workspace = {
        id: ids.id('ws'),
        organization: spec.organization,
        name: spec.name,
        project: projectOf(spec.organization, spec.project ?? 'Default Project'),
        vcs: spec.vcs ?? null,
        workingDirectory: spec.workingDirectory ?? '',
        createdAt: now(),
      };
      world.workspaces.set(workspace.id, workspace);
      return workspace;
    },
    async createTask(organizationName, spec) {
      const { entitlements } = organizationOf(organizationName);
      checkName(organizationName, spec.name);
      if (entitlements.runTaskLimit !== null && world.tasksOf(organizationName).length >= entitlements.runTaskLimit)
        throw invalid(`The organization may have ${entitlements.runTaskLimit} run task(s)`);
      const hmacKey = spec.hmacKey === '' ? null : (spec.hmacKey ?? null);
      await verify(spec.url, hmacKey);
      const task: RunTask = {
        id: ids.id('task'),
        organization: organizationName,
        createdAt: now(),
        updatedAt: now(),
        name: spec.name,
        url: spec.url,
        description: spec.description ?? '',
        hmacKey,
        enabled: spec.enabled ?? true,
      };
      world.tasks.set(task.id, task);
      return task;
    },
    async updateTask(task, change) {
      if (change.name !== undefined) checkName(task.organization, change.name, task);
      const hmacKey = change.hmacKey === undefined || change.hmacKey === null ? task.hmacKey : change.hmacKey || null;
      await verify(change.url ?? task.url, hmacKey);
      task.name = change.name ?? task.name;
      task.url = change.url ?? task.url;
      task.description = change.description ?? task.description;
      task.enabled = change.enabled ?? task.enabled;
      task.hmacKey = hmacKey;
      task.updatedAt = now();
      return task;
    },
    deleteTask(task) {
      if (world.attachmentsOf({ taskId: task.id }).length > 0) throw invalid('The run task is attached to a workspace; detach it first');
      world.tasks.delete(task.id);
    },
    attach(spec) {
      const workspace = world.workspaces.get(spec.workspaceId);
      const task = world.tasks.get(spec.taskId);
      if (workspace === undefined || task === undefined || task.organization !== workspace.organization) throw notFound();
      if (world.attachmentsOf({ workspaceId: workspace.id, taskId: task.id }).length > 0)
        throw invalid('The run task is attached to this workspace already');
      checkAttachment(organizationOf(workspace.organization), spec.stages, spec.enforcementLevel);
      const attachment: WorkspaceTask = {
        id: ids.id('wstask'),
        workspaceId: workspace.id,
        taskId: task.id,
        createdAt: now(),
        updatedAt: now(),
        stages: spec.stages,
        enforcementLevel: spec.enforcementLevel,
      };
      world.workspaceTasks.set(attachment.id, attachment);
      return attachment;
    },
    updateAttachment(attachment, change) {
      const stages = change.stages ?? attachment.stages;
      const level = change.enforcementLevel ?? attachment.enforcementLevel;
      const { organization } = world.workspaces.get(attachment.workspaceId)!;
      checkAttachment(organizationOf(organization), stages, level, attachment);
      attachment.stages = stages;
      attachment.enforcementLevel = level;
      attachment.updatedAt = now();
      return attachment;
    },
  };
}
