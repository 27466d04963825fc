// A run task attached to a workspace: at which stages, and whether its failure stops the run. Names are its key; ids are what HCP says.
// How it is looked at before an apply is in workspace-run-task-review.ts.
import { isHcpFault, type Attachment, type HcpManagement, type RunTask, type WorkspaceFacts } from '../../hcp/management/index.ts';
import { ProblemError, problem } from '../engine/problem.ts';
import { computed, required, set, string, withDefault } from '../engine/schema.ts';
import { UNKNOWN } from '../engine/values.ts';
import { resource } from './clients.ts';
import { checkLevel, checkMandatory, checkName, checkStages, inOrder, isName, sameStages, told, type WirePaths } from './hcp-words.ts';
import { missingWorkspace } from './missing-workspace.ts';
import { reviewAttachments } from './workspace-run-task-review.ts';

const schema = {
  organization: required(string, { description: 'The organization on HCP Terraform.', replace: true, validate: checkName }),
  workspace: required(string, { description: 'The name of the workspace.', replace: true, validate: checkName }),
  run_task: required(string, { description: 'The name of the run task.', replace: true, validate: checkName }),
  stages: withDefault(set(string), ['post_plan'], {
    description: 'When it runs: pre_plan, post_plan, pre_apply, post_apply. One only on Terraform Enterprise before v202404-1.',
    validate: checkStages,
  }),
  enforcement_level: required(string, {
    description: 'mandatory: a failure stops the run. advisory: it is shown.',
    validate: checkLevel,
  }),
  id: computed(string, { description: 'The id on HCP Terraform: `wstask-…`.', stable: true }),
  workspace_id: computed(string, { description: 'The id of the workspace: `ws-…`.', stable: true }),
  task_id: computed(string, { description: 'The id of the run task: `task-…`.', stable: true }),
};

interface Key {
  readonly organization: string;
  readonly workspace: string;
  readonly run_task: string;
}
interface Settings {
  readonly stages: readonly string[];
  readonly enforcement_level: string;
}

const WIRE: WirePaths = {
  'stages': ['stages'],
  'stage': ['stages'],
  'enforcement-level': ['enforcement_level'],
};

const toState = ({ organization, workspace, run_task }: Key, one: Attachment) => ({
  organization,
  workspace,
  run_task,
  stages: one.stages,
  enforcement_level: one.enforcementLevel,
  id: one.id,
  workspace_id: one.workspaceId,
  task_id: one.taskId,
});

const toWire = ({ stages, enforcement_level }: Settings) => ({ stages: inOrder(stages), enforcementLevel: enforcement_level });

const isAsPlanned = (one: Attachment, { stages, enforcement_level }: Settings): boolean =>
  sameStages(one.stages, stages) && one.enforcementLevel === enforcement_level;

/**
 * @param onHidden  told when the workspace is gone, or the token may not see it: HCP has one answer for both
 * @returns null when the workspace, the run task or the attachment is not there
 */
async function look(key: Key, hcp: HcpManagement, onHidden: () => void = () => undefined) {
  const task = await hcp.runTask(key.organization, key.run_task);
  if (task === null) return null;
  const workspace = (await hcp.workspaces(key.organization)).find(({ name }) => name === key.workspace);
  if (workspace === undefined) {
    onHidden();
    return null;
  }
  const one = await hcp.attachment(task, workspace);
  return one === null ? null : { one, task, workspace };
}

/** @throws ProblemError when one of the two is not there */
async function bothOf(key: Key, hcp: HcpManagement): Promise<{ task: RunTask; workspace: WorkspaceFacts }> {
  const workspaces = await hcp.workspaces(key.organization);
  const workspace = workspaces.find(({ name }) => name === key.workspace);
  if (workspace === undefined) throw new ProblemError([missingWorkspace(key, workspaces)]);
  const task = await hcp.runTask(key.organization, key.run_task);
  if (task !== null) return { task, workspace };
  throw new ProblemError([
    problem(
      ['run_task'],
      `There is no run task ${key.run_task} in the organization ${key.organization}`,
      'It has to be made first. Declare it, or correct the name',
    ),
  ]);
}

/** @throws what was thrown, unless it is there now as it should be */
async function lookAfter(thrown: unknown, key: Key, hcp: HcpManagement): Promise<Attachment> {
  if (!isHcpFault(thrown, 'E_HCP_IN_DOUBT', 'E_HCP_INVALID')) throw thrown;
  const there = await look(key, hcp);
  if (there === null) throw thrown;
  return there.one;
}

export const workspaceRunTask = resource({
  name: 'workspace_run_task',
  description: 'A run task attached to a workspace of HCP Terraform or Terraform Enterprise.',
  schema,
  key: ['organization', 'workspace', 'run_task'],
  import: {
    form: 'ORG/WORKSPACE/TASK',
    toKey: (id) => {
      const [organization = '', workspace = '', run_task = '', ...rest] = id.split('/');
      return rest.length === 0 && [organization, workspace, run_task].every(isName) ? { organization, workspace, run_task } : null;
    },
    toId: ({ organization, workspace, run_task }) => `${organization}/${workspace}/${run_task}`,
  },

  validate: ({ stages, enforcement_level }) =>
    stages === UNKNOWN || enforcement_level === UNKNOWN ? [] : checkMandatory(stages, enforcement_level, ['enforcement_level']),
  review: reviewAttachments,
  derive: (config, { clients: { hcp } }) =>
    told(WIRE, ['organization'], async () => {
      const workspace = (await hcp.workspaces(config.organization)).find(({ name }) => name === config.workspace);
      return workspace === undefined ? {} : { workspace_id: workspace.id };
    }),

  find: (key, _remembered, { clients: { hcp }, warn }) =>
    told(WIRE, ['organization'], async () => {
      const found = await look(key, hcp, () =>
        warn(
          'The workspace is gone, or the token may no longer see it',
          'If it is still there, its run task stays attached, and is no longer looked after from here. See it again before the next apply, and nothing is lost.',
        ),
      );
      return found === null ? null : { state: toState(key, found.one), managed: null };
    }),
  read: (state, { clients: { hcp } }) =>
    told(WIRE, ['organization'], async () => {
      const found = await look(state, hcp);
      return found === null ? null : toState(state, found.one);
    }),
  create: (planned, _config, context) =>
    told(WIRE, ['workspace'], async () => {
      const { hcp } = context.clients;
      const { task, workspace } = await bothOf(planned, hcp);
      let one: Attachment;
      try {
        one = await hcp.attach(task, workspace, toWire(planned));
      } catch (thrown) {
        // The answer was lost, or somebody was faster: what is there is made what is planned, and nothing is made twice.
        one = await lookAfter(thrown, planned, hcp);
        if (!isAsPlanned(one, planned)) one = await hcp.updateAttachment(task, workspace, one, toWire(planned));
      }
      return toState(planned, one);
    }),
  update: (planned, prior, _config, context) =>
    told(WIRE, ['workspace'], async () => {
      const { hcp } = context.clients;
      const found = await look(planned, hcp);
      // A workspace of another name may have got this one: its attachment is not the one that was planned for.
      if (found === null || (prior.id !== null && found.one.id !== prior.id))
        throw new ProblemError([
          problem(
            ['workspace'],
            `The run task ${planned.run_task} is no longer attached to ${planned.workspace}`,
            'Somebody detached it meanwhile. Plan again',
          ),
        ]);
      try {
        return toState(planned, await hcp.updateAttachment(found.task, found.workspace, found.one, toWire(planned)));
      } catch (thrown) {
        const one = await lookAfter(thrown, planned, hcp);
        if (!isAsPlanned(one, planned)) throw thrown;
        return toState(planned, one);
      }
    }),
  delete: (state, { clients: { hcp } }) =>
    told(WIRE, ['workspace'], async () => {
      const { organization, id, workspace_id, task_id } = state;
      // By the ids where they are known: the workspace may have another name by now.
      if (id !== null && workspace_id !== null && task_id !== null)
        return hcp.detach({ organization, id: task_id, name: state.run_task }, { id: workspace_id, name: state.workspace }, id);
      const found = await look(state, hcp);
      if (found !== null) await hcp.detach(found.task, found.workspace, found.one.id);
    }),
});
