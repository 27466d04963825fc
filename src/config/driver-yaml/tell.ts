// From what the engine found wrong with an object to a line of the file; and the same thing said of many objects becomes one. Pure.
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Problem } from '../engine/problem.ts';
import type { Item } from './item.ts';
import type { LoadedConfig } from './loaded-config.ts';

/** A diagnostic that is about an object: what makes it the same as another is its text, not its place. */
export interface Told {
  readonly diagnostic: Diagnostic;
  readonly address: string;
  /** Of an object that a selector made, or that only the record knows, the place alone does not say which. */
  readonly named: boolean;
}

/** What is wrong in the file: as it stands there. */
export const tellMistakes = (loaded: LoadedConfig, item: Item, problems: readonly Problem[]): Diagnostic[] =>
  problems.map((found) => loaded.tell(item.placeOf(found.path), found));

/** What the world said of an object. */
export const tellOf = (loaded: LoadedConfig, item: Item, problems: readonly Problem[]): Told[] =>
  problems.map((found) => ({
    diagnostic: loaded.tell(item.placeOf(found.path), found),
    address: item.address,
    named: item.index !== null,
  }));

/** Of one that is not in the file. */
export const tellOrphan = (recordFile: string, address: string, problems: readonly Problem[]): Told[] =>
  problems.map(({ severity, summary, detail }) => ({
    diagnostic: { severity, summary, detail, path: '', file: recordFile },
    address,
    named: true,
  }));

const NAMED_AT_MOST = 3;

/** A token that may not read says so of a thousand objects: that is one thing to mend. The first one's place stands for all. */
export function summarize(told: readonly Told[]): Diagnostic[] {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const { severity, summary, detail } = one.diagnostic;
    const key = JSON.stringify([severity, summary, detail]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const addresses = [...new Set(group.map(({ address }) => address))];
    if (addresses.length === 1 && !first.named) return [first.diagnostic];
    const more = addresses.length - NAMED_AT_MOST;
    const whom = addresses.slice(0, NAMED_AT_MOST).join(', ') + (more > 0 ? ` and ${more} more` : '');
    const { diagnostic } = first;
    const { detail } = diagnostic;
    const before = detail === '' ? '' : /[.!?]$/.test(detail) ? `${detail} ` : `${detail}. `;
    return [{ ...diagnostic, detail: `${before}This is about ${whom}.` }];
  });
}

/** Equal ones once: the items of one selector share their lines. */
export function withoutRepetition(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    return !seen.has(key) && seen.add(key);
  });
}
