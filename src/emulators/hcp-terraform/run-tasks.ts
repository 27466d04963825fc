// Run tasks of an organization: made, changed, deleted, each time with the registration test that HCP posts. No routes.
//
// Source: HashiCorp, "Tasks API" (2026-07), "Run tasks integration" (2025-11). Texts of refusals are ours: HashiCorp publishes none.
import { invalid, notFound } from './json-api.ts';
import { toRegistrationPayload } from './payload.ts';
import { post } from './post.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createTaskConfigs, type GlobalConfiguration, type TaskConfigSpec } from './task-configs.ts';
import type { RunTask } from './types.ts';
import type { World } from './world.ts';

export interface TaskSpec {
  readonly name: string;
  readonly url: string;
  readonly description?: string | undefined;
  /** null and "" are none. */
  readonly hmacKey?: string | null | undefined;
  readonly enabled?: boolean | undefined;
  /** null: none. */
  readonly agentPoolId?: string | null | undefined;
  readonly global?: GlobalConfiguration | undefined;
  /** Made with the run task; then `global` is ignored. At most one. Ignored by changes. */
  readonly taskConfigs?: readonly TaskConfigSpec[] | undefined;
}

export type TaskChange = { readonly [Key in keyof TaskSpec]?: TaskSpec[Key] | undefined };

export interface RunTasks {
  createTask(organization: string, spec: TaskSpec): Promise<RunTask>;
  /** Absent fields stay as they are, and so does a key of null; an empty key removes it. */
  updateTask(task: RunTask, change: TaskChange): Promise<RunTask>;
  deleteTask(task: RunTask): void;
}

export function createRunTasks(world: World, deps: RegistryDeps): RunTasks {
  const { configureGlobally, createTaskConfig } = createTaskConfigs(world, deps);
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

  const checkRoom = (organization: string): void => {
    const { runTaskLimit: limit } = entitlementsOf(organization);
    if (limit !== null && world.tasks.count('organization', organization) >= limit)
      throw invalid(`The organization may have ${limit} run task(s)`);
  };

  const checkAgentPool = (organization: string, id: string | null | undefined): void => {
    if (id === undefined || id === null) return;
    const pointer = '/data/relationships/agent-pool';
    // What an organization without the entitlement is told is UNCONFIRMED.
    if (!entitlementsOf(organization).privateRunTasks) throw invalid('The organization is not entitled to private run tasks', pointer);
    if (world.agentPools.get(id)?.organization !== organization) throw invalid('The provided agent pool does not exist', pointer);
  };

  const entitlementsOf = (name: string) => {
    const organization = world.organizations.get(name);
    if (organization?.entitlements.runTasks !== true) throw notFound();
    return organization.entitlements;
  };

  return {
    async createTask(organization, spec) {
      checkName(organization, spec.name);
      checkRoom(organization);
      checkAgentPool(organization, spec.agentPoolId);
      const hmacKey = spec.hmacKey === '' ? null : (spec.hmacKey ?? null);
      await verify(spec.url, hmacKey);
      // Again: another request may have taken the name or the room while the URL was asked.
      checkName(organization, spec.name);
      checkRoom(organization);
      const task: RunTask = {
        id: deps.ids.id('task'),
        organization,
        createdAt: now(),
        updatedAt: now(),
        name: spec.name,
        url: spec.url,
        description: spec.description ?? '',
        hmacKey,
        enabled: spec.enabled ?? true,
        agentPoolId: spec.agentPoolId ?? null,
      };
      const configs = deps.taskConfigs && entitlementsOf(organization).globalRunTasks ? (spec.taskConfigs ?? []) : [];
      for (const config of configs) createTaskConfig(task, config);
      if (spec.global !== undefined) configureGlobally(task, spec.global);
      world.tasks.add(task);
      return task;
    },
    async updateTask(task, change) {
      const { organization } = task;
      // Asked again when it is written: another change may come while the URL is asked, and is not to be undone.
      const url = (): string => change.url ?? task.url;
      const hmacKey = (): string | null =>
        change.hmacKey === undefined || change.hmacKey === null ? task.hmacKey : change.hmacKey || null;
      const check = (): void => {
        if (change.name !== undefined) checkName(organization, change.name, task);
        checkAgentPool(organization, change.agentPoolId);
      };
      check();
      if (deps.verifyOnUpdate === 'always' || url() !== task.url || hmacKey() !== task.hmacKey) await verify(url(), hmacKey());
      check();
      if (world.tasks.get(task.id) === undefined) throw notFound();
      if (change.global !== undefined) configureGlobally(task, change.global);
      world.tasks.change(task, (one) => {
        one.name = change.name ?? one.name;
        one.url = url();
        one.description = change.description ?? one.description;
        one.enabled = change.enabled ?? one.enabled;
        one.hmacKey = hmacKey();
        one.agentPoolId = change.agentPoolId === undefined ? one.agentPoolId : change.agentPoolId;
        one.updatedAt = now();
      });
      return task;
    },
    deleteTask(task) {
      // HCP's page for people says so; what the API answers is UNCONFIRMED.
      if (world.workspaceTasks.count('task', task.id) > 0) throw invalid('The run task is attached to a workspace; detach it first');
      world.removeTask(task);
    },
  };
}
