// The alert above all: what is destroyed and replaced, and why.
import { MARKDOWN } from '../dialect.ts';
import { code, prose } from '../escape.ts';
import { say } from '../phrase.ts';
import type { Section, SectionResource } from '../section/data.ts';
import { GROUP_WORDS, plural, type GroupName } from '../words.ts';
import { brief, briefPhrase } from './verdict.ts';

/** A caution names so many, in so many characters; the rest follows below, one by one. */
const MAX_LINES = 20;
const MAX_LENGTH = 16_000;
const MAX_ADDRESS = 500;
const MAX_WHY = 600;

/** One section, and for how many workspaces it speaks. */
export interface Endangered {
  readonly section: Section;
  /** Stands before the address; null: there is one workspace only. */
  readonly name: string | null;
  readonly times: number;
}

/** Empty: nothing is to be destroyed or replaced; or it is over. */
export function caution(sections: readonly Endangered[]): string {
  const all = sections.filter(({ section }) => section.state.kind === 'planned');
  const total = (group: 'destroy' | 'replace'): number =>
    all.reduce((sum, { section, times }) => sum + times * (section.plan?.tally[group] ?? 0), 0);
  const [destroyed, replaced] = [total('destroy'), total('replace')];
  if (destroyed + replaced === 0) return '';
  const title = [
    ...(destroyed > 0 ? [`Destroys ${plural(destroyed, 'resource')}`] : []),
    ...(replaced > 0 ? [`${destroyed > 0 ? 'replaces' : 'Replaces'} ${plural(replaced, 'resource')}`] : []),
  ].join(', ');
  const endangered = all.filter(({ section }) => section.plan?.resources.some(({ group }) => isDangerous(group)));
  // Some of each, rather than all of the first: nobody's long names push away those of another workspace.
  const each = Math.max(1, Math.floor(MAX_LINES / endangered.length));
  const room = MAX_LENGTH / Math.min(endangered.length, MAX_LINES);
  const shown = endangered.slice(0, MAX_LINES).flatMap(({ section, name, times }) => {
    const dangerous = (section.plan?.resources ?? []).filter(({ group }) => isDangerous(group));
    let length = 0;
    return dangerous
      .slice(0, each)
      .map((resource) => ({ line: lineWithin(room, resource, name), times }))
      .filter(({ line }) => (length += line.length) <= room);
  });
  const more = destroyed + replaced - shown.reduce((sum, { times }) => sum + times, 0);
  const lines = [...shown.map(({ line }) => line), ...(more > 0 ? [`> - … and ${more} more`] : [])];
  return `> [!CAUTION]\n> **${title}**\n>\n${lines.join('\n')}`;
}

const isDangerous = (group: GroupName): boolean => group === 'destroy' || group === 'replace';

/** That something is destroyed is told before why. */
function lineWithin(room: number, resource: SectionResource, name: string | null): string {
  const line = cautionLine(resource, name);
  return line.length <= room ? line : cautionLine({ ...resource, address: brief(resource.address, room / 4), why: [] }, name);
}

function cautionLine({ group, address, why }: SectionResource, name: string | null): string {
  const words = why === undefined || why.length === 0 ? '' : ` — ${say(briefPhrase(why, MAX_WHY), MARKDOWN)}`;
  return `> - ${GROUP_WORDS[group].sign} ${name === null ? '' : `${prose(brief(name))}: `}${code(brief(address, MAX_ADDRESS))}${words}`;
}
