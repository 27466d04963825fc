// What can be said of planned run tasks before anything is made: does the edition take them, does the relay answer.
import type { Entitlements } from '../../hcp/management/index.ts';
import { aboutChange, problem, warning, type Problem } from '../engine/problem.ts';
import type { ResourceContext } from '../engine/resource.ts';
import type { Clients } from './clients.ts';
import { told } from './hcp-words.ts';
import { readMark } from './run-task-mark.ts';

/** As far as it is looked at here. Structural, so that the definition may name this file. */
interface Planned {
  readonly organization: string;
  readonly name: string;
  readonly url: string;
  readonly hmac_key_version: number | null;
  readonly agent_pool: string | null;
  readonly global: object | null;
}
/** Terraform plans before it knows everything: what is unknown is undefined here, and looked at when it is known. */
type Unfinished = { readonly [K in keyof Planned]: Planned[K] | undefined };
interface ChangeOfRunTask {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'no-op';
  readonly prior: Planned | null;
  readonly planned: Unfinished | null;
}

export async function reviewRunTasks(
  changes: readonly ChangeOfRunTask[],
  configs: readonly ({ readonly hmac_key: string } | null)[],
  context: ResourceContext<Clients>,
): Promise<readonly Problem[]> {
  return told({}, ['organization'], async () => {
    const names = changes.map(({ planned }) => planned?.organization).filter(isSaid);
    const organizations = new Set(names);
    const problems: Problem[] = [];
    for (const organization of organizations) problems.push(...(await reviewEdition(organization, changes, context)));
    const asked = await Promise.all(
      changes.map(async (change, index) => aboutChange(index, await askRelay(change, configs[index]?.hmac_key ?? null, context))),
    );
    return [...problems, ...asked.flat()];
  });
}

async function reviewEdition(
  organization: string,
  changes: readonly ChangeOfRunTask[],
  { clients: { hcp } }: ResourceContext<Clients>,
): Promise<readonly Problem[]> {
  const edition = await hcp.entitlements(organization);
  const planned = changes.flatMap((change) => (change.planned?.organization === organization ? [change.planned] : []));
  if (!edition.runTasks)
    return [
      problem(
        ['organization'],
        `The edition of the organization ${organization} has no run tasks`,
        'They need HCP Terraform, or a Terraform Enterprise with run tasks',
      ),
    ];
  const problems = [...(await reviewCount(organization, edition, changes, hcp)), ...(await reviewRenamed(organization, changes, hcp))];
  if (!edition.globalRunTasks && planned.some((one) => isSaid(one.global)))
    problems.push(
      problem(
        ['global'],
        `The edition of the organization ${organization} has no global run tasks`,
        'HCP Terraform would drop the setting without a word. Attach the run task to workspaces instead',
      ),
    );
  if (!planned.some((one) => isSaid(one.agent_pool))) return problems;
  if (!edition.privateRunTasks)
    problems.push(
      problem(
        ['agent_pool'],
        `The edition of the organization ${organization} has no private run tasks`,
        'Without them HCP Terraform must reach the relay over the internet: leave agent_pool out',
      ),
    );
  else {
    const pools = (await hcp.agentPools(organization)).map(({ name }) => name);
    for (const [index, change] of changes.entries()) {
      const agent_pool = change.planned?.organization === organization ? change.planned.agent_pool : null;
      if (!isSaid(agent_pool) || pools.includes(agent_pool)) continue;
      const none = problem(['agent_pool'], `There is no agent pool ${agent_pool}`, `Known to this token: ${pools.join(', ') || 'none'}`);
      problems.push(...aboutChange(index, [none]));
    }
  }
  return problems;
}

async function reviewCount(
  organization: string,
  { runTaskLimit }: Entitlements,
  changes: readonly ChangeOfRunTask[],
  hcp: Clients['hcp'],
): Promise<Problem[]> {
  if (runTaskLimit === null) return [];
  const before = (await hcp.runTasks(organization)).map(({ name }) => name);
  const after = namesAfter(before, organization, changes);
  if (after.size > runTaskLimit && after.size > before.length)
    return [
      problem(
        ['organization'],
        `The edition of the organization ${organization} takes ${count(runTaskLimit, 'run task')}, and it would have ${after.size}`,
        'One run task serves many workspaces and repositories: the relay decides by workspace. Remove one, or ask for another edition',
      ),
    ];
  // What goes, goes last, so that no workspace is without its gate in between: here there is no room for both.
  const meanwhile = namesAfter(
    before,
    organization,
    changes.filter(({ action }) => action !== 'delete'),
  );
  if (meanwhile.size <= runTaskLimit || meanwhile.size <= before.length) return [];
  const gone = [...meanwhile].filter((name) => !after.has(name)).join(', ');
  return [
    problem(
      ['organization'],
      `The edition of the organization ${organization} takes ${count(runTaskLimit, 'run task')}: a new one cannot be made while ${gone} is there`,
      `Keep the name, or do it in two steps, between which no run is checked: take ${gone} and its attachments out of the file and apply; then write the new one and apply`,
    ),
  ];
}

/** Run tasks are known by their names: one that was renamed in HCP Terraform would be made a second time, and go on running beside it. */
async function reviewRenamed(organization: string, changes: readonly ChangeOfRunTask[], hcp: Clients['hcp']): Promise<Problem[]> {
  const own = new Set(changes.flatMap(({ prior, planned }) => [prior?.name, planned?.name]));
  const created = changes.flatMap(({ action, planned }) =>
    action === 'create' && planned?.organization === organization ? [planned] : [],
  );
  if (created.length === 0) return [];
  const marked = (await hcp.runTasks(organization)).filter(
    ({ name, description }) => !own.has(name) && readMark(description).version !== null,
  );
  return created.flatMap(({ name, url }) =>
    marked
      .filter((task) => task.url === url)
      .map((task) =>
        warning(
          ['name'],
          `The run task ${task.name} has our mark and the URL of ${name}, which is not there`,
          `Was it renamed in HCP Terraform? Then rename it back: else ${name} is made beside it, and workspaces with ${task.name} run both`,
        ),
      ),
  );
}

function namesAfter(before: readonly string[], organization: string, changes: readonly ChangeOfRunTask[]): ReadonlySet<string> {
  const names = new Set(before);
  for (const { prior, planned } of changes) {
    if (prior?.organization === organization) names.delete(prior.name);
    if (planned?.organization === organization && planned.name !== undefined) names.add(planned.name);
  }
  return names;
}

/** The relay may be deployed between plan and apply: so a warning here, and an error there. */
async function askRelay(
  { action, prior, planned }: ChangeOfRunTask,
  key: string | null,
  { clients }: ResourceContext<Clients>,
): Promise<readonly Problem[]> {
  if (planned === null || key === null || planned.url === undefined || action === 'no-op' || isSaid(planned.agent_pool)) return [];
  const isNew = prior === null || action === 'replace' || prior.url !== planned.url || prior.hmac_key_version !== planned.hmac_key_version;
  if (!isNew) return [];
  const answer = await clients.hcp.askRelay(planned.url, key);
  if (answer.kind === 'accepted') return [];
  const path = [answer.about === 'hmac_key' ? 'hmac_key' : 'url'];
  return [warning(path, answer.summary, `${answer.remedy}. Until then an apply stops here`)];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Neither null nor unknown. */
const isSaid = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
