// The workspaces of a pull request in order of danger, those that say the same as one.
import type { Section, Whose } from '../section/data.ts';
import { isQuiet } from '../markdown/drawing.ts';
import { signOf } from '../markdown/verdict.ts';

export interface CombinedPart extends Whose {
  /** Equal digests: the sections say the same. */
  readonly digest: string;
  /** null: written by another version; the workspace is named all the same. */
  readonly section: Section | null;
}

export interface Group {
  /** By name. */
  readonly members: readonly [CombinedPart, ...CombinedPart[]];
  readonly section: Section | null;
  /** Planned at another commit than the newest run's. */
  readonly isOlder: boolean;
}

/** Of the worst group first; within one danger by name. The same parts in any order give the same groups. */
export function groupParts(parts: readonly CombinedPart[]): Group[] {
  const newest = newestCommit(parts);
  const byDigest = new Map<string, [CombinedPart, ...CombinedPart[]]>();
  for (const part of [...parts].sort(byName)) {
    // What cannot be read is not known to be the same, but there is only one thing to say about it.
    const key = part.section === null ? '' : part.digest;
    const members = byDigest.get(key);
    if (members === undefined) byDigest.set(key, [part]);
    else members.push(part);
  }
  const groups = [...byDigest.values()].map((members): Group => {
    const { section } = members[0];
    const commit = section?.commit?.sha;
    return { members, section, isOlder: commit !== undefined && newest !== null && commit !== newest };
  });
  return groups.sort((a, b) => dangerOf(a) - dangerOf(b) || byName(a.members[0], b.members[0]));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: Whose, b: Whose): number =>
  compare(a.workspace, b.workspace) || compare(a.organization, b.organization) || compare(a.run_id, b.run_id);

function newestCommit(parts: readonly CombinedPart[]): string | null {
  const inTime = parts
    .flatMap(({ section, run_created_at, run_id }) => {
      const at = Date.parse(run_created_at);
      return section?.commit && !Number.isNaN(at) ? [{ sha: section.commit.sha, at, run_id }] : [];
    })
    .sort((a, b) => b.at - a.at || compare(b.run_id, a.run_id));
  return inTime[0]?.sha ?? null;
}

/** Nothing changes there, nothing is to be said, and it is today's: named in one line with its like. */
export const isCalm = ({ section, isOlder }: Group): boolean => section !== null && !isOlder && isQuiet(section);

export const isFailed = ({ section }: Group): boolean => section !== null && signOf(section) === '❌';

/** 0 is the worst. What cannot be read may be anything. */
function dangerOf(group: Group): number {
  const { section } = group;
  if (section === null) return 1;
  if (isFailed(group)) return 0;
  if (section.state.kind !== 'planned') return 5;
  const { destroy = 0, replace = 0, ...rest } = section.plan?.tally ?? {};
  if (destroy + replace > 0) return 2;
  if (signOf(section) === '⚠️') return 3;
  if (isCalm(group)) return 6;
  return Object.values(rest).some((count) => count > 0) ? 4 : 5;
}
