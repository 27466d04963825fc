// What is said of one resource in one line: why, from where, which attributes change. Masked, and not escaped yet.
import { cut } from '../../base/cut.ts';
import { summarizeChange } from '../../plan/diff/summarize-change.ts';
import type { Masker } from '../../plan/masking.ts';
import { valuePath } from '../diff-lines.ts';
import type { InvocationItem } from '../invocations-view.ts';
import type { ConditionItem } from '../conditions-view.ts';
import type { Item } from '../view.ts';
import { GROUP_WORDS } from '../words.ts';
import type { Phrase } from './data.ts';

// As many names as one line of a wide screen holds.
const MAX_NAMES = 6;
const MAX_NAME = 120;
const MAX_WORDS = 300;
/** Longer addresses are made to fill a text. */
export const MAX_ADDRESS = 500;

const asCode = (text: string, max = MAX_WORDS): { code: string } => ({ code: cut(text, max) });

/** Where an object is lost, what is remarkable about it is a part of why: the caution above all tells only that. */
const isLost = ({ group }: Item): boolean => group === 'destroy' || group === 'replace';

/** Why it is replaced, destroyed or read; null where Terraform says nothing. */
export function whyPhrase(item: Item, masker: Masker): Phrase | null {
  const why = reasonPhrase(item, masker);
  const notes = isLost(item) ? item.notes : [];
  if (notes.length === 0) return why;
  return [...(why === null ? [] : [...why, ', ']), notes.join(', ')];
}

function reasonPhrase({ change, reason, order }: Item, masker: Masker): Phrase | null {
  const paths = [...new Set(change.replacePaths.map((path) => valuePath(path, masker)))];
  const then = order === null ? [] : [`, ${order}`];
  if (change.reason === 'replace_because_cannot_update' || (reason === null && paths.length > 0)) {
    return [...(paths.length === 0 ? [] : [...listed(paths), ' ']), 'cannot be changed in place', ...then];
  }
  if (reason === null) return order === null ? null : [order];
  return [cut(reason, MAX_WORDS), ...(paths.length === 0 ? [] : [' (', ...listed(paths), ')']), ...then];
}

/** What else the line tells, in this order. */
export function notePhrases(item: Item, masker: Masker): Phrase[] {
  const { change, group, imported } = item;
  // Of the provider's schema; but a plan that no provider wrote may have anything there.
  const names = group === 'update' ? summarizeChange(change).map((name) => masker.key(name)) : [];
  return [
    ...(group === 'other' ? [change.actions.length === 0 ? ['the plan names no action'] : [asCode(change.actions.join(', '))]] : []),
    ...(change.previousAddress === null ? [] : [['moved from ', asCode(change.previousAddress, MAX_ADDRESS)]]),
    ...(imported === null
      ? []
      : [imported.from === null ? ['imported'] : [imported.by === 'id' ? 'imported as ' : 'imported by ', asCode(imported.from)]]),
    ...(names.length === 0 ? [] : [[...(item.metadataOnly ? ['only '] : []), ...listed(names)]]),
    ...(isLost(item) ? [] : item.notes.map((note): Phrase => [note])),
  ];
}

function listed(names: readonly string[]): Phrase {
  const shown = names.slice(0, MAX_NAMES).flatMap((name, index): Phrase => [...(index === 0 ? [] : [', ']), asCode(name, MAX_NAME)]);
  return names.length > MAX_NAMES ? [...shown, ` and ${names.length - MAX_NAMES} more`] : shown;
}

/** `action.aws_lambda_invoke.warm · after it is created · aws_lambda_function.web` */
export function invocationPhrase({ address, event, trigger, deferred }: InvocationItem): Phrase {
  return [
    asCode(address, MAX_ADDRESS),
    ...(trigger === null ? [] : [' · invoked by ', asCode(trigger, MAX_ADDRESS)]),
    ...(event === null ? [] : [`, ${cut(event, MAX_WORDS)}`]),
    ...(deferred === null ? [] : [` · deferred: ${cut(deferred, MAX_WORDS)}`]),
  ];
}

/** An object that was changed, or is gone, outside of Terraform. */
export const driftPhrase = ({ address, group, change }: Item): Phrase => [
  asCode(address, MAX_ADDRESS),
  ...(group === 'destroy' ? [' · ', { bold: 'is gone' }] : group === 'update' || group === 'move' ? [] : [` · ${GROUP_WORDS[group].toDo}`]),
  ...(change.previousAddress === null ? [] : [' · moved from ', asCode(change.previousAddress, MAX_ADDRESS)]),
];

export const conditionPhrase = ({ address, kind, statusWords }: ConditionItem): Phrase => [
  asCode(address, MAX_ADDRESS),
  ` · ${cut(kind, MAX_WORDS)} `,
  { bold: cut(statusWords, MAX_WORDS) },
];

export const deferredPhrase = ({ item, reason }: { readonly item: Item; readonly reason: string }): Phrase => [
  asCode(item.address, MAX_ADDRESS),
  ` · ${cut(reason, MAX_WORDS)}`,
];
