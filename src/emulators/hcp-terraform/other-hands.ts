// What a test sees of run tasks and attachments, and changes to them by other hands: past the API, its rules and its log.
import type { HcpTerraform, OtherHands, RunTask, Workspace, WorkspaceTask } from './types.ts';
import type { Ids } from './ids.ts';
import type { Registry } from './registry.ts';
import type { World } from './world.ts';

export function createViews(world: World): Pick<HcpTerraform, 'tasks' | 'attachments'> {
  return {
    tasks: (organization) =>
      world.tasks
        .by('organization', organization)
        .map((task) => {
          const { id, name, url, description, enabled, hmacKey, agentPoolId } = task;
          const config = world.taskConfigOf(id);
          return {
            ...{ id, name, url, description, enabled, hmacKey },
            agentPool: agentPoolId === null ? null : (world.agentPools.get(agentPoolId)?.name ?? null),
            global:
              config === undefined
                ? null
                : {
                    enabled: config.global,
                    stages: config.stages,
                    enforcementLevel: config.enforcementLevel,
                    projects: config.projectIds.map((one) => world.projects.get(one)?.name ?? one),
                  },
          };
        })
        .sort((a, b) => compare(a.name, b.name)),
    attachments: (organization) =>
      world
        .attachmentsIn(organization)
        .map(({ id, workspaceId, taskId, stages, enforcementLevel }) => ({
          id,
          workspace: world.workspaces.get(workspaceId)!.name,
          task: world.tasks.get(taskId)!.name,
          stages,
          enforcementLevel,
        }))
        .sort((a, b) => compare(a.workspace, b.workspace) || compare(a.task, b.task)),
  };
}

export function createOtherHands(world: World, registry: Registry, ids: Ids): OtherHands {
  const task = (organization: string, name: string): RunTask =>
    must(world.taskNamed(organization, name), `run task ${organization}/${name}`);
  const workspace = (organization: string, name: string): Workspace =>
    must(world.workspaceNamed(organization, name), `workspace ${organization}/${name}`);
  const attachment = (organization: string, inWorkspace: string, of: string): WorkspaceTask =>
    must(
      world.attachmentBetween(workspace(organization, inWorkspace).id, task(organization, of).id),
      `attachment ${organization}/${inWorkspace}/${of}`,
    );

  return {
    changeTask(organization, name, { global, ...change }) {
      const one = task(organization, name);
      world.tasks.change(one, (changed) => void Object.assign(changed, change));
      if (global === undefined) return;
      const known = world.taskConfigOf(one.id);
      if (known !== undefined) world.taskConfigs.remove(known);
      if (global === null) return;
      const { enabled, stages, enforcementLevel } = global;
      const projectIds = known?.projectIds ?? [];
      world.taskConfigs.add({
        ...{ id: known?.id ?? ids.id('taskcfg'), organization, taskId: one.id },
        ...{ global: enabled, stages, enforcementLevel, projectIds },
      });
    },
    deleteTask: (organization, name) => world.removeTask(task(organization, name)),
    changeAttachment: (organization, inWorkspace, of, change) => void Object.assign(attachment(organization, inWorkspace, of), change),
    deleteAttachment: (organization, inWorkspace, of) => world.workspaceTasks.remove(attachment(organization, inWorkspace, of)),
    changeWorkspace: (organization, name, change) => void registry.updateWorkspace(workspace(organization, name), change),
    deleteWorkspace: (organization, name) => world.removeWorkspace(workspace(organization, name)),
    changeEntitlements(name, change) {
      const organization = must(world.organizations.get(name), `organization ${name}`);
      world.organizations.set(name, { ...organization, entitlements: { ...organization.entitlements, ...change } });
    },
  };
}

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The HCP Terraform emulator has no ${what}`);
  return value;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
