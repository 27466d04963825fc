// Everything the emulated HCP Terraform knows, in memory, and how it is found. No behaviour of runs, no HTTP.
import type { RunLife } from './run.ts';
import type { TaskResultLife } from './task-result.ts';
import type { Organization, RunTask, Workspace, WorkspaceTask } from './types.ts';

export class World {
  readonly organizations = new Map<string, Organization>();
  readonly workspaces = new Map<string, Workspace>();
  readonly tasks = new Map<string, RunTask>();
  readonly workspaceTasks = new Map<string, WorkspaceTask>();
  readonly runs = new Map<string, RunLife>();
  /** By callback id, the UUID of the callback URL. */
  readonly results = new Map<string, TaskResultLife>();

  workspaceNamed(organization: string, name: string): Workspace | undefined {
    return [...this.workspaces.values()].find((workspace) => workspace.organization === organization && workspace.name === name);
  }

  taskNamed(organization: string, name: string): RunTask | undefined {
    return this.tasksOf(organization).find((task) => task.name === name);
  }

  tasksOf(organization: string): RunTask[] {
    return [...this.tasks.values()].filter((task) => task.organization === organization);
  }

  workspacesOf(organization: string): Workspace[] {
    return [...this.workspaces.values()].filter((workspace) => workspace.organization === organization);
  }

  attachmentsOf(filter: { workspaceId?: string; taskId?: string }): WorkspaceTask[] {
    return [...this.workspaceTasks.values()].filter(
      (one) =>
        (filter.workspaceId === undefined || one.workspaceId === filter.workspaceId) &&
        (filter.taskId === undefined || one.taskId === filter.taskId),
    );
  }

  resultById(id: string): TaskResultLife | undefined {
    return [...this.results.values()].find((result) => result.record.id === id);
  }

  resultByToken(token: string): TaskResultLife | undefined {
    return [...this.results.values()].find((result) => result.record.accessToken === token);
  }

  clear(): void {
    for (const map of [this.organizations, this.workspaces, this.tasks, this.workspaceTasks, this.runs, this.results]) map.clear();
  }
}
