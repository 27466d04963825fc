// The first line over all workspaces: the worst verdict, how many, and the sum of all plans.
import { signOf, type Sign } from '../markdown/verdict.ts';
import type { RunState, Section } from '../section/data.ts';
import { GROUPS, plural, tallyParts, type GroupName, type Tally } from '../words.ts';
import type { Group } from './groups.ts';

const SIGNS: readonly Sign[] = ['❌', '⚠️', '✅', '📋'];

/** Of so many: in the order in which they matter. */
const OVER: readonly (readonly [RunState['kind'], string])[] = [
  ['errored', 'failed to apply'],
  ['finished', 'over'],
  ['applied', 'applied'],
  ['discarded', 'discarded'],
  ['canceled', 'canceled'],
];

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
  // What is applied or discarded is no longer to be done.
  const open = known.filter(({ section }) => section.state.kind === 'planned');
  const sum = (group: GroupName): number =>
    open.reduce((total, { section, times }) => total + times * (section.plan?.tally[group] ?? 0), 0);
  const parts = tallyParts(Object.fromEntries(GROUPS.map((group) => [group, sum(group)])) as Tally);
  const changing = open
    .filter(({ section }) => GROUPS.some((group) => group !== 'read' && (section.plan?.tally[group] ?? 0) > 0))
    .reduce((total, { times }) => total + times, 0);
  const plans =
    parts.length > 0
      ? `${parts.join(', ')}${changing < all ? ` in ${plural(changing, 'workspace')}` : ''}`
      : otherwise(open.map(({ section }) => section));
  const over = OVER.flatMap(([kind, words]) => {
    const times = count(({ section }) => section.state.kind === kind);
    return times === 0 ? [] : [`${times} ${words}`];
  });
  return `### ${SIGNS.find((sign) => signs.has(sign)) ?? '📋'} ${[verdict, plans, ...over].filter((part) => part !== '').join(' · ')}`;
}

/** No resource changes: that may be all, or there are outputs and the like. Empty: nothing is planned any more. */
function otherwise(sections: readonly Section[]): string {
  if (sections.length === 0) return '';
  return sections.every(({ headline }) => headline.plan === '' || headline.plan === 'no changes')
    ? 'no changes'
    : 'no changes of resources';
}
