// Whether a run task runs in every workspace, at which stages and how strictly.
//
// HCP has moved this from the task to objects of their own, task-configs. Where those exist the task's `global-configuration` is ignored
// when written and tells old defaults when read (hashicorp/terraform-provider-tfe#2180, 2026-08): so it counts only where the API knows no
// task-configs. Source: HashiCorp, "Task configurations API" (2026-07).
import { HcpFault, isHcpFault, type Subject } from './fault.ts';
import { document, taskConfigSchema, taskSchema, toRunTask, toTaskConfig, type TaskConfig } from './documents.ts';
import { tasksKey, type Parts } from './run-tasks.ts';
import { part } from './transport.ts';
import type { GlobalSettings, RunTask } from './types.ts';

export interface GlobalSettingsOfTasks {
  /** @returns null when it is not global */
  globalSettings(task: RunTask): Promise<GlobalSettings | null>;
  /** @param settings  null: not global any more. @throws {HcpFault} E_HCP_NOT_ENTITLED, E_HCP_IN_DOUBT */
  setGlobalSettings(task: RunTask, settings: GlobalSettings | null): Promise<void>;
}

const configsKey = (organization: string): string => `task-configs ${organization}`;

export function createGlobalSettings({ transport, list, memory }: Parts): GlobalSettingsOfTasks {
  /** null: the API has none. The run tasks were listed before, so that 404 does not mean a missing permission. */
  const configsOf = (organization: string): Promise<readonly TaskConfig[] | null> =>
    memory.remember(configsKey(organization), async () => {
      const path = `/organizations/${part(organization)}/task-configs`;
      try {
        const { items } = await list({ path, subject: about('the global settings of run tasks in', organization) }, taskConfigSchema);
        return items.map(toTaskConfig);
      } catch (thrown) {
        if (isHcpFault(thrown, 'E_HCP_MISSING')) return null;
        throw thrown;
      }
    });

  const ofTask = async (task: RunTask): Promise<TaskConfig | 'legacy' | null> => {
    const configs = await configsOf(task.organization);
    return configs === null ? 'legacy' : (configs.find(({ taskId }) => taskId === task.id) ?? null);
  };

  async function setConfig(task: RunTask, config: TaskConfig | null, settings: GlobalSettings | null): Promise<void> {
    if (settings === null && (config === null || config.global === null)) return;
    const attributes = {
      global: settings !== null,
      ...(settings === null ? {} : { 'enforcement-level': settings.enforcementLevel, 'allowed-stages': settings.stages }),
    };
    const owner = { data: { type: 'organizations', id: task.organization } };
    const subject = about(`the global settings of the run task ${task.name} in`, task.organization);
    const sent = await transport.send(
      config === null
        ? {
            method: 'POST',
            path: `/organizations/${part(task.organization)}/task-configs`,
            data: { type: 'task-configs', attributes, relationships: { owner, task: { data: { type: 'tasks', id: task.id } } } },
            subject,
          }
        : {
            method: 'PATCH',
            path: `/task-configs/${part(config.id)}`,
            data: { type: 'task-configs', id: config.id, attributes },
            subject,
          },
      document(taskConfigSchema),
    );
    const now = { ...toTaskConfig(sent.data), taskId: task.id };
    if (settings !== null && now.global === null) throw notEntitled(transport.host, task);
    memory.change<readonly TaskConfig[] | null>(configsKey(task.organization), (all) => [
      ...(all ?? []).filter(({ id }) => id !== now.id),
      now,
    ]);
  }

  async function setLegacy(task: RunTask, settings: GlobalSettings | null): Promise<void> {
    const configuration =
      settings === null
        ? { enabled: false }
        : { 'enabled': true, 'stages': settings.stages, 'enforcement-level': settings.enforcementLevel };
    const changed = await transport.send(
      {
        method: 'PATCH',
        path: `/tasks/${part(task.id)}`,
        data: { type: 'tasks', attributes: { 'global-configuration': configuration } },
        subject: about(`the global settings of the run task ${task.name} in`, task.organization),
      },
      document(taskSchema),
    );
    const now = toRunTask(task.organization, changed.data);
    // An edition without the feature takes the words and drops them (hashicorp/go-tfe, run_task tests, 2025).
    if (settings !== null && (now.legacyGlobal === null || now.legacyGlobal === 'off')) throw notEntitled(transport.host, task);
    memory.change<readonly RunTask[]>(tasksKey(task.organization), (all) => [...all.filter(({ id }) => id !== now.id), now]);
  }

  return {
    async globalSettings(task) {
      const config = await ofTask(task);
      if (config !== 'legacy') return config?.global ?? null;
      return task.legacyGlobal === 'off' ? null : task.legacyGlobal;
    },
    async setGlobalSettings(task, settings) {
      try {
        const config = await ofTask(task);
        await (config === 'legacy' ? setLegacy(task, settings) : setConfig(task, config, settings));
      } catch (thrown) {
        memory.forget(configsKey(task.organization), tasksKey(task.organization));
        throw thrown;
      }
    },
  };
}

const about = (what: string, organization: string): Subject => ({
  what: `${what} the organization ${organization}`,
  purpose: 'to run a run task in every workspace',
  permission: 'Manage Run Tasks',
  feature: 'global run tasks',
});

const notEntitled = (host: string, task: RunTask): HcpFault =>
  new HcpFault(
    'E_HCP_NOT_ENTITLED',
    `${host} did not make the run task ${task.name} global, and did not say why`,
    `The edition of the organization ${task.organization} does not include global run tasks. Attach the task to workspaces instead`,
  );
