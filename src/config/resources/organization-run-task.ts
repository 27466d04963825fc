// A run task of an organization: where HCP Terraform posts, signed with which key. Made only when the relay answers, because HCP asks it too
// and has few words for a no. How it is looked at before an apply is in organization-run-task-review.ts.
//
// The key goes out when it is new for HCP and never otherwise: at create, when `hmac_key_version` changes, and when a task is taken over
// that nobody of ours made. Rotation: (1) the relay gets the new key beside the old one; (2) a new `hmac_key` and the next
// `hmac_key_version`, apply: the relay is asked with the new key first, then HCP signs with it; (3) the relay forgets the old key. HCP has
// one key for a task and no overlap of its own (HashiCorp, "Run tasks API", read 2026-11): without (1) runs fail in between.
import type { HcpManagement, RunTask } from '../../hcp/management/index.ts';
import { isHcpFault } from '../../hcp/management/index.ts';
import { ProblemError, problem } from '../engine/problem.ts';
import type { ResourceContext } from '../engine/resource.ts';
import { bool, computed, number, object, optional, required, set, string, withDefault, type PlannedOf } from '../engine/schema.ts';
import { resource, type Clients } from './clients.ts';
import {
  checkLevel,
  checkMandatory,
  checkName,
  checkStages,
  inOrder,
  isName,
  problemsOf,
  sameStages,
  told,
  type WirePaths,
} from './hcp-words.ts';
import { reviewRunTasks } from './organization-run-task-review.ts';
import { checkDescription, checkKey, checkUrl, checkVersion } from './run-task-checks.ts';
import { DESCRIPTION_MAX, readMark, withMark } from './run-task-mark.ts';

const schema = {
  organization: required(string, { description: 'The organization on HCP Terraform.', replace: true, validate: checkName }),
  name: required(string, { description: 'The name of the run task: letters, digits, - and _.', replace: true, validate: checkName }),
  url: required(string, { description: 'Where HCP Terraform posts: `https://relay.example.com/hooks/gate`.', validate: checkUrl }),
  description: withDefault(string, '', {
    description: `What it is for, at most ${DESCRIPTION_MAX} characters. In HCP Terraform a mark follows it: \`[runtask key=1]\`.`,
    validate: checkDescription,
  }),
  enabled: withDefault(bool, true, { description: 'Whether it runs at all. A disabled run task lets every run pass.' }),
  hmac_key: required(string, {
    description: 'The key that HCP Terraform signs with, the same as in relay.yml. Kept nowhere. Change `hmac_key_version` with it.',
    writeOnly: true,
    sensitive: true,
    validate: checkKey,
  }),
  hmac_key_version: required(number, {
    description: 'The version of the key: another number sends the key again. Kept in the description of the run task.',
    validate: checkVersion,
  }),
  agent_pool: optional(string, {
    description: 'The name of the agent pool through which HCP Terraform reaches the relay. Needs an edition with private run tasks.',
  }),
  global: optional(
    object({
      stages: required(set(string), { description: 'The stages: pre_plan, post_plan, pre_apply, post_apply.', validate: checkStages }),
      enforcement_level: required(string, { description: 'advisory or mandatory.', validate: checkLevel }),
    }),
    { description: 'Runs it in every workspace of the organization. Needs an edition with global run tasks.' },
  ),
  id: computed(string, { description: 'The id on HCP Terraform: `task-…`.', stable: true }),
};
export type RunTaskSchema = typeof schema;
type Planned = PlannedOf<RunTaskSchema>;
type Context = ResourceContext<Clients>;

const WIRE: WirePaths = {
  'name': ['name'],
  'url': ['url'],
  'description': ['description'],
  'enabled': ['enabled'],
  'hmac-key': ['hmac_key'],
  'global-configuration': ['global'],
  'allowed-stages': ['global', 'stages'],
  'enforcement-level': ['global', 'enforcement_level'],
};

/** What the task itself says. */
function ownWords({ organization, name, url, enabled, id, description: text }: RunTask) {
  const { description, version } = readMark(text);
  return { organization, name, url, description, enabled, hmac_key_version: version, id };
}

async function toState(task: RunTask, hcp: HcpManagement) {
  const settings = await hcp.globalSettings(task);
  return {
    ...ownWords(task),
    agent_pool: task.agentPoolId === null ? null : await poolName(task.organization, task.agentPoolId, hcp),
    global: settings === null ? null : { stages: settings.stages, enforcement_level: settings.enforcementLevel },
  };
}

/** A pool that the token may not see has its id for a name, and is not "none". */
async function poolName(organization: string, poolId: string, hcp: HcpManagement): Promise<string> {
  try {
    return (await hcp.agentPools(organization)).find(({ id }) => id === poolId)?.name ?? poolId;
  } catch (thrown) {
    if (isHcpFault(thrown, 'E_HCP_MISSING')) return poolId;
    throw thrown;
  }
}

/** A private relay is reached by the agents only: HCP asks through them, we cannot. */
async function askRelay(planned: Planned, key: string, { clients, progress }: Context): Promise<void> {
  if (planned.agent_pool !== null) return;
  progress('asking the relay');
  const answer = await clients.hcp.askRelay(planned.url, key);
  if (answer.kind === 'accepted') return;
  throw new ProblemError([
    problem([answer.about === 'hmac_key' ? 'hmac_key' : 'url'], answer.summary, `${answer.remedy}. Nothing was changed on HCP Terraform.`),
  ]);
}

async function poolId(planned: Planned, hcp: HcpManagement): Promise<string | null> {
  if (planned.agent_pool === null) return null;
  const pools = await hcp.agentPools(planned.organization);
  const pool = pools.find(({ name }) => name === planned.agent_pool);
  if (pool === undefined)
    throw new ProblemError([
      problem(
        ['agent_pool'],
        `There is no agent pool ${planned.agent_pool}`,
        `Known: ${pools.map(({ name }) => name).join(', ') || 'none'}`,
      ),
    ]);
  return pool.id;
}

/** What HCP has, made what is planned. Sends what differs, and the key when it is new. */
async function bring(task: RunTask, planned: Planned, key: string | null, hcp: HcpManagement): Promise<RunTask> {
  const wanted = {
    url: planned.url,
    description: withMark(planned.description, planned.hmac_key_version),
    enabled: planned.enabled,
    agentPoolId: await poolId(planned, hcp),
  };
  const change = {
    ...(wanted.url === task.url ? {} : { url: wanted.url }),
    ...(wanted.description === task.description ? {} : { description: wanted.description }),
    ...(wanted.enabled === task.enabled ? {} : { enabled: wanted.enabled }),
    ...(wanted.agentPoolId === task.agentPoolId ? {} : { agentPoolId: wanted.agentPoolId }),
    ...(key === null ? {} : { hmacKey: key }),
  };
  if (Object.keys(change).length === 0) return task;
  try {
    return await hcp.updateRunTask(task, change);
  } catch (thrown) {
    if (!isHcpFault(thrown, 'E_HCP_IN_DOUBT')) throw thrown;
    // The answer was lost. The key goes in the same request as the mark with its version: what is there tells whether it arrived.
    const now = await hcp.runTask(task.organization, task.name);
    const same =
      now !== null &&
      (key === null || task.description !== wanted.description) &&
      Object.entries(wanted).every(([name, value]) => now[name as keyof typeof wanted] === value);
    if (!same) throw thrown;
    return now;
  }
}

async function bringGlobal(task: RunTask, { global: wanted }: Planned, hcp: HcpManagement): Promise<void> {
  const isSo = async (): Promise<boolean> => {
    const current = await hcp.globalSettings((await hcp.runTask(task.organization, task.name)) ?? task);
    if (wanted === null || current === null) return wanted === current;
    return sameStages(wanted.stages, current.stages) && wanted.enforcement_level === current.enforcementLevel;
  };
  if (await isSo()) return;
  try {
    await hcp.setGlobalSettings(
      task,
      wanted === null ? null : { stages: inOrder(wanted.stages), enforcementLevel: wanted.enforcement_level },
    );
  } catch (thrown) {
    // The answer was lost: what is there tells.
    if (!isHcpFault(thrown, 'E_HCP_IN_DOUBT') || !(await isSo())) throw thrown;
  }
}

/** Ends with the state: also when the rest fails or is interrupted, because then the task is there and ours. */
async function finish(task: RunTask, planned: Planned, { clients: { hcp }, signal }: Context) {
  try {
    await bringGlobal(task, planned, hcp);
    return await toState((await hcp.runTask(task.organization, task.name)) ?? task, hcp);
  } catch (thrown) {
    const problems = problemsOf(thrown, WIRE, ['global']) ?? (signal.aborted ? [INTERRUPTED] : null);
    if (problems === null) throw thrown;
    throw new ProblemError(problems, { cause: thrown, state: { ...ownWords(task), agent_pool: planned.agent_pool, global: null } });
  }
}

const INTERRUPTED = problem([], 'Interrupted', 'The run task is there. The next apply does the rest.');

export const organizationRunTask = resource({
  name: 'organization_run_task',
  description: 'A run task of an organization on HCP Terraform or Terraform Enterprise.',
  schema,
  key: ['organization', 'name'],
  import: {
    form: 'ORG/TASK',
    toKey: (id) => {
      const [organization = '', name = '', ...rest] = id.split('/');
      return rest.length === 0 && isName(organization) && isName(name) ? { organization, name } : null;
    },
    toId: ({ organization, name }) => `${organization}/${name}`,
  },

  validate: ({ global: settings }) =>
    typeof settings === 'object' && settings !== null
      ? checkMandatory(settings.stages, settings.enforcement_level, ['global', 'enforcement_level'])
      : [],
  review: reviewRunTasks,

  find: ({ organization, name }, _remembered, { clients: { hcp } }) =>
    told(WIRE, ['organization'], async () => {
      const task = await hcp.runTask(organization, name);
      if (task === null) return null;
      return { state: await toState(task, hcp), managed: readMark(task.description).version !== null };
    }),
  read: ({ organization, name }, { clients: { hcp } }) =>
    told(WIRE, ['organization'], async () => {
      const task = await hcp.runTask(organization, name);
      return task === null ? null : toState(task, hcp);
    }),
  create: (planned, config, context) =>
    told(WIRE, ['name'], async () => {
      const { hcp } = context.clients;
      await askRelay(planned, config.hmac_key, context);
      const { organization, name, url, enabled } = planned;
      const description = withMark(planned.description, planned.hmac_key_version);
      const agentPoolId = await poolId(planned, hcp);
      let task: RunTask;
      try {
        task = await hcp.createRunTask(organization, { name, url, description, enabled, hmacKey: config.hmac_key, agentPoolId });
      } catch (thrown) {
        if (!isHcpFault(thrown, 'E_HCP_IN_DOUBT', 'E_HCP_INVALID')) throw thrown;
        // The answer was lost, or somebody was faster: what has the name now is made what is planned, and nothing is made twice.
        const there = await hcp.runTask(organization, name);
        if (there === null) throw thrown;
        if (thrown.code === 'E_HCP_INVALID')
          context.warn(`The run task ${name} was made by other hands since the plan`, 'It is taken over, and made what is declared');
        task = await bring(there, planned, config.hmac_key, hcp);
      }
      return finish(task, planned, context);
    }),
  update: (planned, prior, config, context) =>
    told(WIRE, ['name'], async () => {
      const { hcp } = context.clients;
      const { organization, name } = planned;
      const task = await hcp.runTask(organization, name);
      if (task === null)
        throw new ProblemError([problem(['name'], `The run task ${name} is gone`, 'Somebody deleted it meanwhile. Plan again')]);
      const isNewKey = prior.hmac_key_version !== planned.hmac_key_version;
      if (isNewKey || prior.url !== planned.url) await askRelay(planned, config.hmac_key, context);
      return finish(await bring(task, planned, isNewKey ? config.hmac_key : null, hcp), planned, context);
    }),
  delete: ({ organization, name, id }, { clients: { hcp } }) =>
    told(WIRE, ['name'], async () => {
      const task = await hcp.runTask(organization, name);
      // Another one may have its name by now.
      if (task === null || (id !== null && task.id !== id)) return;
      try {
        await hcp.deleteRunTask(task);
      } catch (thrown) {
        if (!isHcpFault(thrown, 'E_HCP_INVALID')) throw thrown;
        const left = await hcp.attachments(task);
        if (left.length === 0) throw thrown;
        throw new ProblemError(
          [
            await stillAttached(
              task,
              left.map(({ workspaceId }) => workspaceId),
              hcp,
            ),
          ],
          { cause: thrown },
        );
      }
    }),
});

async function stillAttached(task: RunTask, workspaceIds: readonly string[], hcp: HcpManagement) {
  const names = new Map((await hcp.workspaces(task.organization)).map(({ id, name }) => [id, name]));
  const listed = workspaceIds.slice(0, 10).map((id) => names.get(id) ?? id);
  const more = workspaceIds.length > listed.length ? ` and ${workspaceIds.length - listed.length} more` : '';
  return problem(
    ['name'],
    `The run task ${task.name} is still attached to ${workspaceIds.length === 1 ? 'a workspace' : `${workspaceIds.length} workspaces`}`,
    `HCP Terraform deletes what is attached nowhere. Nobody of ours attached it to ${listed.join(', ')}${more}: detach it there, or declare the attachments and destroy them`,
  );
}
