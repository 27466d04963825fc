// The first line over all workspaces: the worst verdict, how many, and the sum of all plans.
import { signOf, type Sign } from '../markdown/verdict.ts';
import { GROUPS, plural, tallyParts, type GroupName, type Tally } from '../words.ts';
import type { Group } from './groups.ts';

const SIGNS: readonly Sign[] = ['❌', '⚠️', '✅', '📋'];

export function headingOf(groups: readonly Group[]): string {
  const known = groups.flatMap(({ section, members }) => (section === null ? [] : [{ section, times: members.length }]));
  const count = (isMeant: (group: (typeof known)[number]) => boolean): number =>
    known.filter(isMeant).reduce((sum, { times }) => sum + times, 0);
  const all = groups.reduce((sum, { members }) => sum + members.length, 0);
  const failed = count(({ section }) => signOf(section) === '❌');
  const passed = count(({ section }) => section.verdict === 'passed');
  const signs = new Set<Sign>([...known.map(({ section }) => signOf(section)), ...(count(() => true) < all ? ['⚠️' as const] : [])]);
  const verdict =
    failed > 0
      ? `${failed} of ${plural(all, 'workspace')} failed`
      : passed === all
        ? `${plural(all, 'workspace')} passed`
        : passed > 0
          ? `${passed} of ${plural(all, 'workspace')} passed`
          : plural(all, 'workspace');
  const sum = (group: GroupName): number =>
    known.reduce((total, { section, times }) => total + times * (section.plan?.tally[group] ?? 0), 0);
  const parts = tallyParts(Object.fromEntries(GROUPS.map((group) => [group, sum(group)])) as Tally);
  const changing = count(({ section }) => GROUPS.some((group) => group !== 'read' && (section.plan?.tally[group] ?? 0) > 0));
  const plans =
    parts.length === 0 ? otherwise(groups) : `${parts.join(', ')}${changing < all ? ` in ${plural(changing, 'workspace')}` : ''}`;
  return `### ${SIGNS.find((sign) => signs.has(sign)) ?? '📋'} ${verdict} · ${plans}`;
}

/** No resource changes: that may be all, or there are outputs and the like. */
const otherwise = (groups: readonly Group[]): string =>
  groups.every(({ section }) => section === null || section.headline.plan === '' || section.headline.plan === 'no changes')
    ? 'no changes'
    : 'no changes of resources';
