// One resource of a plan as a section holds it: its line, and its diff when there is room.
import { cut } from '../../base/cut.ts';
import type { Masker } from '../../plan/masking.ts';
import { diffLines } from '../diff-lines.ts';
import type { Item } from '../view.ts';
import type { SectionResource } from './data.ts';
import type { ResourceOffer } from './offer.ts';
import { MAX_ADDRESS, notePhrases, whyPhrase } from './phrases.ts';

const MAX_NAME = 200;

/** Without its diff. */
export function toResource(item: Item, masker: Masker): SectionResource {
  const why = whyPhrase(item, masker);
  return {
    group: item.group,
    ...(item.change.module === '' ? {} : { module: cut(item.change.module, MAX_ADDRESS) }),
    address: cut(item.address, MAX_ADDRESS),
    ...(why === null ? {} : { why }),
    notes: notePhrases(item, masker),
    failed: [...item.failedChecks].map(([check, enforcement]) => ({ name: cut(check, MAX_NAME), isAdvisory: enforcement === 'advisory' })),
  };
}

export const resourceOffer = (item: Item, masker: Masker): ResourceOffer =>
  hasBody(item)
    ? {
        group: item.group,
        line: () => toResource(item, masker),
        full: () => ({ ...toResource(item, masker), body: diffLines(item.change, masker) }),
      }
    : { group: item.group, line: () => ({ ...toResource(item, masker), body: [] }), full: null };

/** Moves and plain imports change nothing, and what is forgotten stays as it is: the line says all. */
export const hasBody = ({ group }: Item): boolean => group !== 'move' && group !== 'forget';
