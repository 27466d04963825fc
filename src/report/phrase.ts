// Phrases (section/data.ts) for a reader: each segment escaped for the place where it stands.
import type { Phrase, SectionResource, Segment } from './section/data.ts';
import type { Dialect } from './dialect.ts';
import { joinInline } from './escape.ts';
import { GROUP_WORDS } from './words.ts';

export const say = (phrase: Phrase, d: Dialect): string => joinInline(phrase.map((segment) => saySegment(segment, d)));

function saySegment(segment: Segment, d: Dialect): string {
  if (typeof segment === 'string') return d.text(segment);
  return 'code' in segment ? d.code(segment.code) : d.bold(d.text(segment.bold));
}

/** Sign, address, why, and what changes, without a line break. */
export function sayResource({ group, address, why, notes, failed }: SectionResource, d: Dialect): string {
  return [
    `${GROUP_WORDS[group].sign} ${d.code(address)}`,
    ...(why === undefined ? [] : [say(why, d)]),
    ...notes.map((note) => say(note, d)),
    ...failed.map(({ name, isAdvisory }) => `${isAdvisory ? '🔶' : '❌'} ${d.text(name)}`),
  ].join(' · ');
}
