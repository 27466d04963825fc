// Terraform's own marks for what happens to one resource, for views that have no emoji: `-/+`, `~`. Pure.
import type { Item } from './view.ts';
import { GROUP_WORDS } from './words.ts';

/** What comes first in a replacement stands first; a dot leaves the old object alone. */
const REPLACEMENTS: Readonly<Record<string, string>> = { 'create+forget': '+/.', 'forget+create': './+' };

export function itemMark({ group, change }: Pick<Item, 'group' | 'change'>): string {
  if (group !== 'replace') return GROUP_WORDS[group].mark;
  if (Object.hasOwn(REPLACEMENTS, change.action)) return REPLACEMENTS[change.action] ?? '';
  return change.replaceOrder === 'create-first' ? '+/-' : GROUP_WORDS.replace.mark;
}
