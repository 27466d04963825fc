// One resource in one line, and the lines of the outputs, for views that are made from the model itself.
import type { Masker } from '../plan/masking.ts';
import type { OutputChange } from '../plan/model.ts';
import { diffLines } from './diff-lines.ts';
import type { Dialect } from './dialect.ts';
import { say, sayResource } from './phrase.ts';
import { whyPhrase } from './section/phrases.ts';
import { toResource } from './section/resource.ts';
import type { Item } from './view.ts';

export { hasBody } from './section/resource.ts';

/** Sign, address, why, and what changes, without a line break. */
export const resourceLine = (item: Item, masker: Masker, d: Dialect): string =>
  sayResource({ ...toResource(item, masker), address: item.address }, d);

/** Why it is replaced, destroyed or read; empty where Terraform says nothing. */
export function whyWords(item: Item, masker: Masker, d: Dialect): string {
  const why = whyPhrase(item, masker);
  return why === null ? '' : say(why, d);
}

export const outputLines = (outputs: readonly OutputChange[], masker: Masker): string[] =>
  outputs.flatMap((output) => diffLines(output, masker, output.name));
