// Which workspaces a run task runs in. All attachments of a task come with the task in one answer, so that a thousand of them cost one
// request; what is missing there is listed, and asked for by workspace at last.
import { isHcpFault, HcpFault, type Subject } from './fault.ts';
import { attachmentSchema, document, nothing, taskWithAttachmentsSchema, toAttachment } from './documents.ts';
import type { Parts } from './run-tasks.ts';
import { part } from './transport.ts';
import type { Attachment, AttachmentSettings, RunTask } from './types.ts';
import type { WorkspaceFacts } from './types.ts';

type TaskRef = Pick<RunTask, 'id' | 'name' | 'organization'>;
type WorkspaceRef = Pick<WorkspaceFacts, 'id' | 'name'>;

export interface Attachments {
  /** All that HCP shows. */
  attachments(task: TaskRef): Promise<readonly Attachment[]>;
  /** @returns null when the task is not attached to the workspace */
  attachment(task: TaskRef, workspace: WorkspaceRef): Promise<Attachment | null>;
  /** @throws {HcpFault} E_HCP_IN_DOUBT: look */
  attach(task: TaskRef, workspace: WorkspaceRef, settings: AttachmentSettings): Promise<Attachment>;
  /** @throws {HcpFault} E_HCP_IN_DOUBT: look */
  updateAttachment(task: TaskRef, workspace: WorkspaceRef, attachment: Attachment, settings: AttachmentSettings): Promise<Attachment>;
  /** Ends well when it is gone. */
  detach(task: TaskRef, workspace: WorkspaceRef, attachmentId: string): Promise<void>;
  /** false on a Terraform Enterprise before v202404-1, which takes one stage. Known after the first answer. */
  severalStages(): boolean;
}

interface Known {
  /** By workspace. null: a write went wrong, and it has to be looked at again. */
  readonly byWorkspace: ReadonlyMap<string, Attachment | null>;
  /** false: HCP named more attachments than it told. */
  readonly complete: boolean;
}

/**
 * So many attachments in one answer may be the first page of more: nothing says that HCP does not cut what it includes. What is overlooked would
 * be attached twice, or forgotten.
 */
const PAGES: readonly number[] = [20, 100];

const keyOf = ({ id }: Pick<TaskRef, 'id'>): string => `attachments ${id}`;
const singleKey = (task: Pick<TaskRef, 'id'>, workspace: Pick<WorkspaceRef, 'id'>): string => `attachment ${task.id} ${workspace.id}`;

export function createAttachments({ transport, list, memory }: Parts): Attachments {
  const known = (task: TaskRef): Promise<Known> =>
    memory.remember(keyOf(task), async () => {
      const path = `/tasks/${part(task.id)}`;
      const subject: Subject = {
        what: `the attachments of the run task ${task.name} in the organization ${task.organization}`,
        purpose: 'to see where the run task is attached',
        permission: 'Manage Run Tasks',
      };
      const answer = await transport.send(
        { method: 'GET', path, query: { include: 'workspace_tasks' }, subject },
        taskWithAttachmentsSchema,
      );
      const named = answer.data.relationships?.['workspace-tasks']?.data;
      const told = read(answer.included, task);
      const isWhole = named !== null && named !== undefined && told.size >= named.length && !PAGES.includes(named.length);
      if (isWhole) return { byWorkspace: told, complete: true };
      try {
        // Listed one level below; an API that lists bare ids leaves each to be asked for by its workspace.
        const { items } = await list({ path: `${path}/relationships/workspace-tasks`, subject }, nothing);
        const listed = read(items, task);
        return { byWorkspace: new Map([...told, ...listed]), complete: listed.size >= items.length };
      } catch (thrown) {
        // A Terraform Enterprise that has no such list.
        if (!isHcpFault(thrown, 'E_HCP_MISSING')) throw thrown;
        return { byWorkspace: told, complete: false };
      }
    });

  /** The long way, for one. */
  const single = (task: TaskRef, workspace: WorkspaceRef): Promise<Attachment | null> =>
    memory.remember(singleKey(task, workspace), async () => {
      const path = `/workspaces/${part(workspace.id)}/tasks`;
      const { items } = await list({ path, subject: about(task, workspace, 'to see whether the run task is attached') }, attachmentSchema);
      return items.map((item) => toAttachment(item, { workspaceId: workspace.id })).find((one) => one?.taskId === task.id) ?? null;
    });

  async function attachment(task: TaskRef, workspace: WorkspaceRef): Promise<Attachment | null> {
    const { byWorkspace, complete } = await known(task);
    const one = byWorkspace.get(workspace.id);
    return one ?? (complete && one === undefined ? null : single(task, workspace));
  }

  const keep = (task: TaskRef, workspace: WorkspaceRef, one: Attachment | null): void => {
    memory.forget(singleKey(task, workspace));
    memory.change<Known>(keyOf(task), ({ byWorkspace, complete }) => {
      const next = new Map(byWorkspace);
      if (one === null) next.delete(workspace.id);
      else next.set(workspace.id, one);
      return { byWorkspace: next, complete };
    });
  };
  const writing = async <T>(task: TaskRef, workspace: WorkspaceRef, write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (thrown) {
      // One attachment of a thousand is asked for again, not all.
      memory.change<Known>(keyOf(task), (all) => ({ ...all, byWorkspace: new Map([...all.byWorkspace, [workspace.id, null]]) }));
      memory.forget(singleKey(task, workspace));
      throw thrown;
    }
  };

  const severalStages = (): boolean => takesSeveralStages(transport.tfeVersion());

  const attributes = ({ stages, enforcementLevel }: AttachmentSettings): object => ({
    'enforcement-level': enforcementLevel,
    ...(severalStages() ? { stages } : { stage: oneOf(stages, transport.host) }),
  });

  return {
    attachments: async (task) => [...(await known(task)).byWorkspace.values()].filter((one) => one !== null),
    attachment,
    severalStages,
    attach: (task, workspace, settings) =>
      writing(task, workspace, async () => {
        const path = `/workspaces/${part(workspace.id)}/tasks`;
        const data = {
          type: 'workspace-tasks',
          attributes: attributes(settings),
          relationships: { task: { data: { type: 'tasks', id: task.id } } },
        };
        const subject = about(task, workspace, 'to attach the run task');
        // HashiCorp's page says 204 without a body, its OpenAPI 201 with one.
        const sent = await transport.send({ method: 'POST', path, data, subject }, document(attachmentSchema).optional());
        if (sent === undefined) {
          memory.forget(singleKey(task, workspace));
          const made = await single(task, workspace);
          if (made === null)
            throw new HcpFault(
              'E_HCP_IN_DOUBT',
              `${transport.host} said that it attached ${task.name} to ${workspace.name}, and does not show it`,
              'Apply again: what is there is found',
            );
          keep(task, workspace, made);
          return made;
        }
        const made = toAttachment(sent.data, { taskId: task.id, workspaceId: workspace.id })!;
        keep(task, workspace, made);
        return made;
      }),
    updateAttachment: (task, workspace, { id }, settings) =>
      writing(task, workspace, async () => {
        const path = `/workspaces/${part(workspace.id)}/tasks/${part(id)}`;
        const data = { type: 'workspace-tasks', attributes: attributes(settings) };
        const subject = about(task, workspace, 'to change how the run task is attached');
        const sent = await transport.send({ method: 'PATCH', path, data, subject }, document(attachmentSchema));
        const changed = toAttachment(sent.data, { taskId: task.id, workspaceId: workspace.id })!;
        keep(task, workspace, changed);
        return changed;
      }),
    detach: (task, workspace, id) =>
      writing(task, workspace, async () => {
        const path = `/workspaces/${part(workspace.id)}/tasks/${part(id)}`;
        try {
          await transport.send({ method: 'DELETE', path, subject: about(task, workspace, 'to detach the run task') }, nothing);
        } catch (thrown) {
          if (!(isHcpFault(thrown, 'E_HCP_MISSING') && thrown.status === 404)) throw thrown;
          // 404 is what a missing permission gets, too: looking tells whether it is gone.
          if (await isStillThere(task, workspace, id)) throw thrown;
        }
        keep(task, workspace, null);
      }),
  };

  async function isStillThere(task: TaskRef, workspace: WorkspaceRef, id: string): Promise<boolean> {
    memory.forget(singleKey(task, workspace));
    try {
      return (await single(task, workspace))?.id === id;
    } catch (thrown) {
      // The workspace itself is gone, and its attachments with it.
      if (isHcpFault(thrown, 'E_HCP_MISSING')) return false;
      throw thrown;
    }
  }
}

function read(items: readonly unknown[], task: TaskRef): Map<string, Attachment> {
  const found = new Map<string, Attachment>();
  for (const item of items) {
    const parsed = attachmentSchema.safeParse(item);
    const one = parsed.success ? toAttachment(parsed.data, { taskId: task.id }) : null;
    if (one !== null && one.taskId === task.id) found.set(one.workspaceId, one);
  }
  return found;
}

const about = (task: TaskRef, workspace: WorkspaceRef, purpose: string): Subject => ({
  what: `the run task ${task.name} of the workspace ${workspace.name}`,
  purpose,
  permission: 'Manage Workspace Run Tasks',
});

/**
 * Terraform Enterprise names its releases `v202404-1`, and `1.0.0` since 2025. HCP Terraform sends no such header, and neither does an
 * Enterprise behind a proxy that drops it: then it is taken for new, because the old ones are out of support.
 */
export function takesSeveralStages(tfeVersion: string | null): boolean {
  const dated = /^v?(\d{6})-\d+/.exec(tfeVersion ?? '')?.[1];
  return dated === undefined || Number(dated) >= 202404;
}

function oneOf(stages: readonly string[], host: string): string {
  const [stage] = stages;
  if (stage === undefined || stages.length > 1)
    throw new HcpFault(
      'E_HCP_INVALID',
      `${host} takes one stage for an attachment`,
      `It is a Terraform Enterprise before v202404-1. Found: ${stages.join(', ')}`,
      {
        errors: [{ text: 'one stage only before Terraform Enterprise v202404-1', attribute: 'stages' }],
      },
    );
  return stage;
}
