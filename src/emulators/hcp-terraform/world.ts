// Everything the emulated HCP Terraform knows, in memory, and how it is found. No behaviour of runs, no HTTP.
import type { RunLife } from './run.ts';
import { Table } from './table.ts';
import type { TaskResultLife } from './task-result.ts';
import type { AgentPool, Organization, Project, RunTask, TaskConfig, Workspace, WorkspaceTask } from './types.ts';

/** A name within an organization; names have no slash. */
const named = ({ organization, name }: { organization: string; name: string }): string => `${organization}/${name}`;
const organizationOf = ({ organization }: { organization: string }): string => organization;

export class World {
  readonly organizations = new Map<string, Organization>();
  readonly projects = new Table<Project, 'organization' | 'name'>({ organization: organizationOf, name: named });
  readonly workspaces = new Table<Workspace, 'organization' | 'name'>({ organization: organizationOf, name: named });
  readonly agentPools = new Table<AgentPool, 'organization' | 'name'>({ organization: organizationOf, name: named });
  readonly tasks = new Table<RunTask, 'organization' | 'name'>({ organization: organizationOf, name: named });
  readonly taskConfigs = new Table<TaskConfig, 'organization' | 'task'>({ organization: organizationOf, task: ({ taskId }) => taskId });
  readonly workspaceTasks = new Table<WorkspaceTask, 'workspace' | 'task'>({
    workspace: ({ workspaceId }) => workspaceId,
    task: ({ taskId }) => taskId,
  });
  readonly runs = new Map<string, RunLife>();
  /** By callback id, the UUID of the callback URL. */
  readonly results = new Map<string, TaskResultLife>();

  projectNamed(organization: string, name: string): Project | undefined {
    return this.projects.by('name', named({ organization, name }))[0];
  }

  workspaceNamed(organization: string, name: string): Workspace | undefined {
    return this.workspaces.by('name', named({ organization, name }))[0];
  }

  agentPoolNamed(organization: string, name: string): AgentPool | undefined {
    return this.agentPools.by('name', named({ organization, name }))[0];
  }

  taskNamed(organization: string, name: string): RunTask | undefined {
    return this.tasks.by('name', named({ organization, name }))[0];
  }

  taskConfigOf(taskId: string): TaskConfig | undefined {
    return this.taskConfigs.by('task', taskId)[0];
  }

  attachmentBetween(workspaceId: string, taskId: string): WorkspaceTask | undefined {
    return this.workspaceTasks.by('workspace', workspaceId).find((one) => one.taskId === taskId);
  }

  attachmentsIn(organization: string): WorkspaceTask[] {
    return this.tasks.by('organization', organization).flatMap(({ id }) => this.workspaceTasks.by('task', id));
  }

  /** With its attachments. */
  removeWorkspace(workspace: Workspace): void {
    for (const one of this.workspaceTasks.by('workspace', workspace.id)) this.workspaceTasks.remove(one);
    this.workspaces.remove(workspace);
  }

  /** With its attachments and its configuration. */
  removeTask(task: RunTask): void {
    for (const one of this.workspaceTasks.by('task', task.id)) this.workspaceTasks.remove(one);
    for (const one of this.taskConfigs.by('task', task.id)) this.taskConfigs.remove(one);
    this.tasks.remove(task);
  }

  resultById(id: string): TaskResultLife | undefined {
    return [...this.results.values()].find((result) => result.record.id === id);
  }

  resultByToken(token: string): TaskResultLife | undefined {
    return [...this.results.values()].find((result) => result.record.accessToken === token);
  }

  clear(): void {
    const { organizations, projects, workspaces, agentPools, tasks, taskConfigs, workspaceTasks, runs, results } = this;
    for (const all of [organizations, projects, workspaces, agentPools, tasks, taskConfigs, workspaceTasks, runs, results]) all.clear();
  }
}
