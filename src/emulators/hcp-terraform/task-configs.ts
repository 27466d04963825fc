// Where a run task is called without being attached to a workspace: global settings, once the run task's own, since 2026 a task-config of
// the organization. The rules; the routes are in api/.
//
// Sources: HashiCorp, "Task configurations API" and "Tasks API" (2026-07); hashicorp/terraform-provider-tfe#2180 (2026-08-05): the run task
// goes on showing legacy defaults, disabled and empty, whatever its task-config says.
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import { invalid, notFound } from './json-api.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { checkStages } from './stages.ts';
import type { RunTask, TaskConfig } from './types.ts';
import type { World } from './world.ts';

export interface TaskConfigSpec {
  readonly global: boolean;
  readonly enforcementLevel: EnforcementLevel;
  readonly stages: readonly Stage[];
  readonly projectIds: readonly string[];
}

/** `global-configuration` of a run task. Absent fields stay as they are. */
export interface GlobalConfiguration {
  readonly enabled?: boolean | undefined;
  readonly stages?: readonly Stage[] | undefined;
  readonly enforcementLevel?: EnforcementLevel | null | undefined;
}

export interface TaskConfigs {
  createTaskConfig(task: RunTask, spec: TaskConfigSpec): TaskConfig;
  /** Absent fields stay as they are. */
  updateTaskConfig(config: TaskConfig, change: Partial<TaskConfigSpec>): TaskConfig;
  /** What a run task's `global-configuration` does: nothing, without a word, where the organization is not entitled. */
  configureGlobally(task: RunTask, change: GlobalConfiguration): void;
}

export function createTaskConfigs(world: World, deps: Pick<RegistryDeps, 'ids' | 'taskConfigs'>): TaskConfigs {
  const check = (organization: string, { global, stages, projectIds }: Omit<TaskConfigSpec, 'enforcementLevel'>): void => {
    // One that is called nowhere may be empty, as a legacy configuration is from the start.
    if (global || projectIds.length > 0 || stages.length > 0) checkStages(stages, '/data/attributes/allowed-stages');
    if (global && projectIds.length > 0) throw invalid('A global task config has no projects', '/data/relationships/projects');
    if (!projectIds.every((id) => world.projects.get(id)?.organization === organization)) throw notFound();
  };

  const add = (task: RunTask, config: Omit<TaskConfig, 'id' | 'organization' | 'taskId'>): TaskConfig => {
    const made: TaskConfig = { ...config, id: deps.ids.id('taskcfg'), organization: task.organization, taskId: task.id };
    world.taskConfigs.add(made);
    return made;
  };

  return {
    createTaskConfig(task, spec) {
      check(task.organization, spec);
      // "There can be only one task configuration mapping between a task and its owner." The status is not said: UNCONFIRMED.
      if (world.taskConfigOf(task.id) !== undefined) throw invalid('The task has a configuration of this owner already');
      return add(task, spec);
    },
    updateTaskConfig(config, change) {
      const next = { ...config, ...change };
      check(config.organization, next);
      return Object.assign(config, change);
    },
    configureGlobally(task, { enabled, stages, enforcementLevel }) {
      if (world.organizations.get(task.organization)?.entitlements.globalRunTasks !== true) return;
      const known = world.taskConfigOf(task.id);
      // "Ignored if a task-configs relationship is present; if not, it will create a task configuration." So a client that goes on writing
      // here after the switch changes nothing, and sees the legacy defaults. UNCONFIRMED for a change.
      if (deps.taskConfigs && known !== undefined) return;
      const next = {
        global: enabled ?? known?.global ?? false,
        stages: stages ?? known?.stages ?? [],
        enforcementLevel: enforcementLevel ?? known?.enforcementLevel ?? null,
        projectIds: [],
      };
      const pointer = '/data/attributes/global-configuration';
      // Disabled it may be empty, as it is from the start.
      if (next.global || next.stages.length > 0) checkStages(next.stages, `${pointer}/stages`);
      if (next.global && next.enforcementLevel === null) throw invalid('Enforcement level is missing', `${pointer}/enforcement-level`);
      if (known === undefined) add(task, next);
      else Object.assign(known, next);
    },
  };
}
