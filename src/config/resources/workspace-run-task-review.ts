// What can be said of planned attachments before anything is made: are the workspaces there, does the edition take so many.
import type { HcpManagement } from '../../hcp/management/index.ts';
import { aboutChange, problem, warning, type Problem } from '../engine/problem.ts';
import type { ResourceContext } from '../engine/resource.ts';
import type { Clients } from './clients.ts';
import { told } from './hcp-words.ts';
import { missingWorkspace } from './missing-workspace.ts';

/** As far as it is looked at here. */
interface Planned {
  readonly organization: string;
  readonly workspace: string;
  readonly run_task: string;
  readonly stages: readonly string[];
  readonly enforcement_level: string;
}
interface ChangeOf<P> {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'no-op';
  readonly prior: Planned | null;
  readonly planned: P | null;
}
type ChangeOfAttachment = ChangeOf<Planned>;
/** Terraform plans before it knows everything: what is unknown is undefined here, and looked at when it is known. */
type Unfinished = { readonly [K in keyof Planned]: Planned[K] | undefined };

export async function reviewAttachments(
  changes: readonly ChangeOf<Unfinished>[],
  _configs: readonly unknown[],
  { clients: { hcp } }: ResourceContext<Clients>,
): Promise<readonly Problem[]> {
  return told({}, ['organization'], async () => {
    const known = changes.filter(isKnown);
    const organizations = new Set(known.flatMap(({ planned }) => (planned === null ? [] : [planned.organization])));
    const problems: Problem[] = [];
    for (const organization of organizations) {
      const here = known.filter(({ prior, planned }) => (planned ?? prior)?.organization === organization);
      problems.push(...(await reviewWorkspaces(organization, here, changes, hcp)), ...(await reviewLimits(organization, here, hcp)));
    }
    return problems;
  });
}

const isKnown = (change: ChangeOf<Unfinished>): change is ChangeOfAttachment => {
  const { planned } = change;
  if (planned === null) return true;
  const { organization, workspace, run_task, stages, enforcement_level } = planned;
  return ![organization, workspace, run_task, stages, enforcement_level].includes(undefined);
};

/** @param all  what problems count in */
async function reviewWorkspaces(
  organization: string,
  changes: readonly ChangeOfAttachment[],
  all: readonly ChangeOf<Unfinished>[],
  hcp: HcpManagement,
): Promise<Problem[]> {
  const workspaces = await hcp.workspaces(organization);
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const several = hcp.severalStages();
  const old = changes.flatMap(({ action, planned }) => {
    if (planned === null || action === 'no-op') return [];
    const version = byName.get(planned.workspace)?.terraformVersion;
    return version !== undefined && isTooOld(version) ? [`${planned.workspace} (${version})`] : [];
  });
  const problems = changes.flatMap((change) => {
    const { planned } = change;
    if (planned === null) return [];
    const about = (found: Problem): Problem[] => aboutChange(all.indexOf(change), [found]);
    if (!byName.has(planned.workspace)) return about(missingWorkspace(planned, workspaces));
    if (several || planned.stages.length <= 1) return [];
    // The same words for all workspaces of a selection: that is one mistake.
    return about(
      problem(
        ['stages'],
        `${hcp.host} takes one stage for each workspace, and here are ${planned.stages.length}`,
        'It is a Terraform Enterprise before v202404-1. Write one stage, or upgrade it',
      ),
    );
  });
  return old.length === 0 ? problems : [...problems, tooOld(old)];
}

/** HashiCorp, "Run tasks: requirements" (read 2026-11). HCP says nothing in such a workspace, and the run goes on without a verdict. */
const OLDEST = [1, 1, 9] as const;

function isTooOld(version: string): boolean {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined) return false;
  const at = OLDEST.findIndex((number, index) => number !== numbers[index]);
  return at >= 0 && (numbers[at] ?? 0) < (OLDEST[at] ?? 0);
}

const tooOld = (names: readonly string[]): Problem =>
  warning(
    ['workspace'],
    `In ${names.length === 1 ? 'a workspace' : `${names.length} workspaces`} no run task will run: Terraform ${OLDEST.join('.')} is the oldest that calls them`,
    `HCP Terraform passes over them there without a word. Set a newer version in ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' and others' : ''}`,
  );

/** Counts what HCP would count when all is done: attachments of other tasks too. */
async function reviewLimits(organization: string, changes: readonly ChangeOfAttachment[], hcp: HcpManagement): Promise<Problem[]> {
  const { runTaskWorkspaceLimit, runTaskMandatoryLimit } = await hcp.entitlements(organization);
  if (runTaskWorkspaceLimit === null && runTaskMandatoryLimit === null) return [];
  const before = await levelsNow(organization, hcp);
  const after = levelsAfter(before, changes);
  // What goes, goes last.
  const meanwhile = levelsAfter(
    before,
    changes.filter(({ action }) => action !== 'delete'),
  );
  const of = (count: (levels: Levels) => number) => ({ before: count(before), meanwhile: count(meanwhile), after: count(after) });
  return [
    tooMany(of(workspacesIn), runTaskWorkspaceLimit, ['workspace'], {
      what: ['workspace with a run task', 'workspaces with a run task'],
      remedy: 'Attach it to fewer workspaces: names, tags and exclude narrow a selector',
      organization,
    }),
    tooMany(of(mandatoryIn), runTaskMandatoryLimit, ['enforcement_level'], {
      what: ['mandatory attachment', 'mandatory attachments'],
      remedy: 'Write "enforcement_level: advisory" where a failure need not stop the run',
      organization,
    }),
  ].flatMap((one) => (one === null ? [] : [one]));
}

function levelsAfter(before: Levels, changes: readonly ChangeOfAttachment[]): Levels {
  const after = new Map(before);
  for (const { prior, planned } of changes) {
    if (prior !== null) after.delete(keyOf(prior));
    if (planned !== null) after.set(keyOf(planned), planned.enforcement_level);
  }
  return after;
}

type Levels = ReadonlyMap<string, string>;

/** No name holds a slash. */
const keyOf = ({ workspace, run_task }: Pick<Planned, 'workspace' | 'run_task'>): string => `${workspace}/${run_task}`;
const workspacesIn = (levels: Levels): number => new Set([...levels.keys()].map((key) => key.split('/')[0])).size;
const mandatoryIn = (levels: Levels): number => [...levels.values()].filter((level) => level === 'mandatory').length;

async function levelsNow(organization: string, hcp: HcpManagement): Promise<Levels> {
  const workspaceNames = new Map((await hcp.workspaces(organization)).map(({ id, name }) => [id, name]));
  const levels = new Map<string, string>();
  for (const task of await hcp.runTasks(organization))
    for (const { workspaceId, enforcementLevel } of await hcp.attachments(task))
      levels.set(keyOf({ workspace: workspaceNames.get(workspaceId) ?? workspaceId, run_task: task.name }), enforcementLevel);
  return levels;
}

/** What was too much before is not this plan's doing, unless it adds to it. */
function tooMany(
  { before, meanwhile, after }: Readonly<Record<'before' | 'meanwhile' | 'after', number>>,
  limit: number | null,
  path: readonly string[],
  {
    what: [one, many],
    remedy,
    organization,
  }: { readonly what: readonly [string, string]; readonly remedy: string; readonly organization: string },
): Problem | null {
  if (limit === null) return null;
  const takes = `The edition of the organization ${organization} takes ${limit} ${limit === 1 ? one : many}`;
  if (after > limit && after > before) return problem(path, `${takes}, and it would have ${after}`, remedy);
  if (meanwhile <= limit || meanwhile <= before) return null;
  return problem(
    path,
    `${takes}, and for a moment it would have ${meanwhile}: new ones are made before old ones are taken away`,
    'Do it in two steps: take the old ones out of the file and apply, then write the new ones and apply',
  );
}
