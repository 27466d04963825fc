// One resource in one line of the page: its mark, its address, why, and what changes.
import type { Masker } from '../../plan/masking.ts';
import { itemMark } from '../marks.ts';
import { notePhrases, whyPhrase } from '../section/phrases.ts';
import type { Item } from '../view.ts';
import { GROUP_WORDS, type GroupName } from '../words.ts';
import { code, joined, markup, phrase, type Html } from './markup.ts';

export const markOf = (name: GroupName): Html => markup`<span class="mark ${name}" aria-hidden="true">${GROUP_WORDS[name].mark}</span>`;

/** Of one resource: what comes first in a replacement stands first. */
export const itemMarkOf = (item: Item): Html => markup`<span class="mark ${item.group}" aria-hidden="true">${itemMark(item)}</span>`;

/** Address, why, and what changes. */
export function resourceWords(item: Item, masker: Masker): Html {
  const why = whyPhrase(item, masker);
  const failed = [...item.failedChecks].map(
    ([check, enforcement]) => markup`<span class="${enforcement === 'advisory' ? 'warn' : 'bad'} state">✗ ${check}</span>`,
  );
  return joined([code(item.address), ...(why === null ? [] : [phrase(why)]), ...notePhrases(item, masker).map(phrase), ...failed], ' · ');
}
