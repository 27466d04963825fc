// Which changes a rule is about: `types`, `addresses` and `modules` narrow it down one after the other, `actions` by what happens. Pure.
import { CHANGE_ACTIONS } from '../../contracts/check-words.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { ResourceChange } from '../../plan/model.ts';
import { allNames, hasAddress, hasModule, hasType, type Names } from './addresses.ts';

export interface Selection {
  readonly types?: readonly string[] | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly modules?: readonly string[] | undefined;
}

export type Selects = (change: ResourceChange) => boolean;

/** By where an object will be: for rules about what it will be like. */
export function selectPlanned({ types, addresses, modules }: Selection): Selects {
  const isOfType = types === undefined ? null : rememberTypes(types);
  return (change) =>
    (isOfType === null || isOfType(change.type)) &&
    isPlaced({ addresses, modules }, change, (addresses ?? modules) ? [change.address] : []);
}

/** By where it is and where it was: for rules about what happens to an object, which a `moved` block must not hide. */
export function selectEither({ types, addresses, modules }: Selection): Selects {
  return (change) =>
    (types === undefined || hasType(types, change)) &&
    isPlaced({ addresses, modules }, change, (addresses ?? modules) ? allNames(change) : []);
}

const isPlaced = ({ addresses, modules }: Selection, change: ResourceChange, names: Names): boolean =>
  (addresses === undefined || hasAddress(addresses, names)) && (modules === undefined || hasModule(modules, names, change.module));

/** A plan has ten thousand changes and a few types. */
function rememberTypes(globs: readonly string[]): (type: string) => boolean {
  const known = new Map<string, boolean>();
  return (type) => {
    let answer = known.get(type);
    if (answer === undefined) known.set(type, (answer = matchesAnyGlob(globs, type)));
    return answer;
  };
}

// What Terraform does with ephemeral resources changes nothing and has no values.
const NOT_CHANGES = new Set(['open', 'renew', 'close']);
const KNOWN = new Set<string>([...CHANGE_ACTIONS, ...NOT_CHANGES]);

/**
 * An object that is imported is new here, also when nothing of it changes: else what was made by other hands would come in unjudged. An
 * action that this version does not know ("create+forget") is asked of whenever something is there afterwards.
 */
export const isAskedOf = (actions: readonly string[], { action, after, importing }: ResourceChange): boolean =>
  actions.includes(action) || (after !== null && (!KNOWN.has(action) || (importing !== null && actions.includes('create'))));
