// Attachments of run tasks to workspaces, and the limits that an organization's edition sets them. No routes.
//
// Source: HashiCorp, "Tasks API" (2026-07) and "Feature entitlements" (2026-11). Texts of refusals are ours: HashiCorp publishes none.
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import type { Ids } from './ids.ts';
import { invalid, notFound } from './json-api.ts';
import type { PostDeps } from './post.ts';
import { checkStages } from './stages.ts';
import type { WorkspaceTask } from './types.ts';
import type { World } from './world.ts';

export interface AttachmentSpec {
  readonly workspaceId: string;
  readonly taskId: string;
  /** Kept in this order. */
  readonly stages: readonly Stage[];
  readonly enforcementLevel: EnforcementLevel;
}

export interface Attachments {
  attach(spec: AttachmentSpec): WorkspaceTask;
  updateAttachment(attachment: WorkspaceTask, change: Partial<Pick<AttachmentSpec, 'stages' | 'enforcementLevel'>>): WorkspaceTask;
}

export function createAttachments(world: World, deps: Pick<PostDeps, 'clock'> & { readonly ids: Ids }): Attachments {
  /** @param self  the attachment that is changed, null for a new one */
  const check = (
    organization: string,
    { workspaceId, stages, enforcementLevel }: Omit<AttachmentSpec, 'taskId'>,
    self: WorkspaceTask | null,
  ): void => {
    checkStages(stages, '/data/attributes/stages');
    const entitlements = world.organizations.get(organization)?.entitlements;
    if (entitlements?.runTasks !== true) throw notFound();
    const { runTaskWorkspaceLimit: workspaces, runTaskMandatoryLimit: mandatory } = entitlements;
    if (workspaces === null && mandatory === null) return;
    const others = world.attachmentsIn(organization).filter((one) => one !== self);
    if (workspaces !== null && new Set([...others.map((one) => one.workspaceId), workspaceId]).size > workspaces)
      throw invalid(`The organization may have run tasks in ${workspaces} workspace(s)`);
    if (mandatory === null || enforcementLevel !== 'mandatory') return;
    // Whether HCP counts attachments or run tasks is UNCONFIRMED: attachments are the stricter reading.
    if (others.filter((one) => one.enforcementLevel === 'mandatory').length >= mandatory)
      throw invalid(`The organization may have ${mandatory} mandatory run task(s)`, '/data/attributes/enforcement-level');
  };

  return {
    attach(spec) {
      const workspace = world.workspaces.get(spec.workspaceId);
      const task = world.tasks.get(spec.taskId);
      if (workspace === undefined || task === undefined || task.organization !== workspace.organization) throw notFound();
      if (world.attachmentBetween(workspace.id, task.id) !== undefined) throw invalid('The run task is attached to this workspace already');
      check(workspace.organization, spec, null);
      const attachment: WorkspaceTask = {
        id: deps.ids.id('wstask'),
        workspaceId: workspace.id,
        taskId: task.id,
        createdAt: deps.clock.now(),
        updatedAt: deps.clock.now(),
        stages: spec.stages,
        enforcementLevel: spec.enforcementLevel,
      };
      world.workspaceTasks.add(attachment);
      return attachment;
    },
    updateAttachment(attachment, change) {
      const { workspaceId } = attachment;
      const stages = change.stages ?? attachment.stages;
      const enforcementLevel = change.enforcementLevel ?? attachment.enforcementLevel;
      check(world.workspaces.get(workspaceId)!.organization, { workspaceId, stages, enforcementLevel }, attachment);
      return Object.assign(attachment, { stages, enforcementLevel, updatedAt: deps.clock.now() });
    },
  };
}
