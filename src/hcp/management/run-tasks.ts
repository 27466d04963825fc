// The run tasks of an organization. HCP finds them by id only, so a name is found by listing, once.
import { isHcpFault, type Subject } from './fault.ts';
import { document, nothing, taskSchema, toRunTask } from './documents.ts';
import type { Memory } from './memory.ts';
import type { Lister } from './pages.ts';
import { part, type Transport } from './transport.ts';
import type { RunTask, RunTaskChange, RunTaskSpec } from './types.ts';

export interface RunTasks {
  runTasks(organization: string): Promise<readonly RunTask[]>;
  /** @returns null when there is none of that name */
  runTask(organization: string, name: string): Promise<RunTask | null>;
  /** HCP posts its registration test before it answers. @throws {HcpFault} E_HCP_IN_DOUBT: look by name */
  createRunTask(organization: string, spec: RunTaskSpec): Promise<RunTask>;
  /** Sends what is given and nothing else. HCP posts its registration test again. @throws {HcpFault} E_HCP_IN_DOUBT: look by name */
  updateRunTask(task: RunTask, change: RunTaskChange): Promise<RunTask>;
  /** Ends well when it is gone. HCP refuses while the task is attached. */
  deleteRunTask(task: Pick<RunTask, 'id' | 'organization' | 'name'>): Promise<void>;
}

export interface Parts {
  readonly transport: Transport;
  readonly list: Lister;
  readonly memory: Memory;
  /** Takes a value that must not stand in any text. */
  readonly keepSecret: (value: string) => void;
}

export const tasksKey = (organization: string): string => `tasks ${organization}`;

const FEATURE = 'run tasks';
const subject = (what: string, purpose: string): Subject => ({ what, purpose, permission: 'Manage Run Tasks', feature: FEATURE });

export function createRunTasks({ transport, list, memory, keepSecret }: Parts): RunTasks {
  const runTasks = (organization: string): Promise<readonly RunTask[]> =>
    memory.remember(tasksKey(organization), async () => {
      const path = `/organizations/${part(organization)}/tasks`;
      const about = subject(`the run tasks of the organization ${organization}`, 'to find run tasks by their names');
      const { items } = await list({ path, subject: about }, taskSchema);
      return items.map((item) => toRunTask(organization, item));
    });
  const keep = (task: RunTask): RunTask => {
    memory.change<readonly RunTask[]>(tasksKey(task.organization), (all) => [...all.filter(({ id }) => id !== task.id), task]);
    return task;
  };
  /** A write that went wrong in any way: what was read may be the past. */
  const writing = async <T>(organization: string, write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (thrown) {
      memory.forget(tasksKey(organization));
      throw thrown;
    }
  };

  return {
    runTasks,
    runTask: async (organization, name) => (await runTasks(organization)).find((task) => task.name === name) ?? null,
    createRunTask: (organization, spec) =>
      writing(organization, async () => {
        keepSecret(spec.hmacKey);
        const path = `/organizations/${part(organization)}/tasks`;
        const about = subject(`the run task ${spec.name} of the organization ${organization}`, 'to create it');
        const data = { type: 'tasks', attributes: { name: spec.name, category: 'task', ...toAttributes(spec) }, ...toRelationships(spec) };
        const made = await transport.send({ method: 'POST', path, data, subject: about }, document(taskSchema));
        return keep(toRunTask(organization, made.data));
      }),
    updateRunTask: (task, change) =>
      writing(task.organization, async () => {
        if (change.hmacKey !== undefined) keepSecret(change.hmacKey);
        const path = `/tasks/${part(task.id)}`;
        const about = subject(`the run task ${task.name} of the organization ${task.organization}`, 'to change it');
        const data = { type: 'tasks', attributes: toAttributes(change), ...toRelationships(change) };
        const changed = await transport.send({ method: 'PATCH', path, data, subject: about }, document(taskSchema));
        return keep(toRunTask(task.organization, changed.data));
      }),
    deleteRunTask: (task) =>
      writing(task.organization, async () => {
        const path = `/tasks/${part(task.id)}`;
        const about = subject(`the run task ${task.name} of the organization ${task.organization}`, 'to delete it');
        try {
          await transport.send({ method: 'DELETE', path, subject: about }, nothing);
        } catch (thrown) {
          if (!(isHcpFault(thrown, 'E_HCP_MISSING') && thrown.status === 404)) throw thrown;
          // 404 is what a missing permission gets, too: only the list tells whether it is gone.
          memory.forget(tasksKey(task.organization));
          if ((await runTasks(task.organization)).some(({ id }) => id === task.id)) throw thrown;
        }
        memory.change<readonly RunTask[]>(tasksKey(task.organization), (all) => all.filter(({ id }) => id !== task.id));
      }),
  };
}

function toAttributes({ url, description, enabled, hmacKey }: RunTaskChange): object {
  const said = { url, description, enabled, 'hmac-key': hmacKey };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function toRelationships({ agentPoolId }: RunTaskChange): object {
  if (agentPoolId === undefined) return {};
  return { relationships: { 'agent-pool': { data: agentPoolId === null ? null : { type: 'agent-pools', id: agentPoolId } } } };
}
