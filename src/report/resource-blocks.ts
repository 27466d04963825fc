// One resource, as a line and as a fold with its diff, in Markdown.
import { cut } from '../base/cut.ts';
import { summarizeChange } from '../plan/diff.ts';
import type { Masker } from '../plan/masking.ts';
import type { OutputChange } from '../plan/model.ts';
import { diffLines, valuePath } from './diff-lines.ts';
import { fold, HTML, MARKDOWN, type Dialect } from './dialect.ts';
import { fence } from './escape.ts';
import { toBlock, type Block } from './fit.ts';
import type { Item } from './view.ts';
import { GROUP_WORDS } from './words.ts';

// As many names as one line of a wide screen holds.
const MAX_NAMES = 6;
const MAX_NAME = 120;
const MAX_WORDS = 300;
/** Changes of nothing but these are told as such: they are most of the noise in a large plan. */
const LABELS = new Set(['tags', 'tags_all', 'labels', 'effective_labels', 'terraform_labels']);

export function resourceBlock(item: Item, masker: Masker, open: boolean): Block<Item> {
  const line = (): string => `- ${resourceLine(item, masker, MARKDOWN)}`;
  if (!hasBody(item)) return toBlock(item, line, null);
  return toBlock(item, line, () => {
    const body = diffLines(item.change, masker);
    if (body.length === 0) return line();
    return fold(resourceLine(item, masker, HTML), fence(body, 'diff'), open || item.failedChecks.size > 0);
  });
}

/** Moves and plain imports change nothing, and what is forgotten stays as it is: the line says all. */
export const hasBody = (item: Item): boolean => item.group !== 'move' && item.group !== 'forget';

/** Sign, address, why, and what changes, without a line break. */
export function resourceLine(item: Item, masker: Masker, d: Dialect): string {
  const { change, group } = item;
  const parts = [`${GROUP_WORDS[group].sign} ${d.code(item.address)}`];
  if (group === 'other') parts.push(d.code(cut(change.actions.join(', '), MAX_WORDS)));
  if (change.previousAddress !== null) parts.push(`moved from ${d.code(change.previousAddress)}`);
  if (change.importing !== null)
    parts.push(change.importing.id === null ? 'imported' : `imported as ${d.code(cut(masker.text(change.importing.id), MAX_WORDS))}`);
  const why = whyWords(item, masker, d);
  if (why !== '') parts.push(why);
  if (group === 'update') {
    const names = summarizeChange(change);
    if (names.length > 0) parts.push(`${names.every((name) => LABELS.has(name)) ? 'only ' : ''}${listed(names, d)}`);
  }
  for (const [check, enforcement] of item.failedChecks) parts.push(`${enforcement === 'advisory' ? '🔶' : '❌'} ${d.text(check)}`);
  return parts.join(' · ');
}

/** Why it is replaced, destroyed or read; empty where Terraform says nothing. */
export function whyWords(item: Item, masker: Masker, d: Dialect): string {
  const { change, reason } = item;
  const paths = [...new Set(change.replacePaths.map((path) => valuePath(path, masker)))];
  if (change.reason === 'replace_because_cannot_update' || (change.action === 'replace' && paths.length > 0)) {
    const names = paths.length === 0 ? '' : `${listed(paths, d)} `;
    const order = change.replaceOrder === 'create-first' ? ', the new one is created first' : '';
    return change.reason === 'replace_because_cannot_update' || reason === null
      ? `${names}cannot be changed in place${order}`
      : `${d.text(cut(reason, MAX_WORDS))} (${listed(paths, d)})${order}`;
  }
  return reason === null ? '' : d.text(cut(reason, MAX_WORDS));
}

function listed(names: readonly string[], d: Dialect): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => d.code(cut(name, MAX_NAME)));
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return shown.join(', ') + more;
}

export function outputLines(outputs: readonly OutputChange[], masker: Masker): string[] {
  return outputs.flatMap((output) => diffLines(output, masker, output.name));
}
