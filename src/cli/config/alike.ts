// Changes that are the same but for whom they are of (one run task attached to 1,000 workspaces) as one block with the names: a plan of
// 1,000 equal blocks is read by nobody. Pure.
import type { Json } from '../../contracts/json.ts';
import { isEqualJson, isMap, ownValue, type JsonMap } from '../../plan/json-tree.ts';
import type { ResourceChange } from '../../plan/model.ts';
import type { Item, View } from '../../report/view.ts';

/** Fewer stand each for themselves. */
const MANY = 5;

/** Which attributes of a type are ids that the API gives once: `runtask_workspace_run_task` to `id`, `workspace_id`. */
export type IdAttributes = ReadonlyMap<string, ReadonlySet<string>>;

export function joinAlike(view: View, ids: IdAttributes): View {
  return { ...view, groups: view.groups.map(({ name, items }) => ({ name, items: joined(items, ids) })) };
}

function joined(items: readonly Item[], ids: IdAttributes): Item[] {
  const alike = new Map<string, { readonly shown: Item; readonly items: Item[] }>();
  for (const item of items) {
    const shown = typeof item.change.index === 'string' ? toShown(item, ids.get(item.change.type) ?? NONE) : item;
    const key = typeof item.change.index === 'string' ? keyOf(shown) : `\u0000${item.address}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { shown, items: [item] });
    else known.items.push(item);
  }
  return [...alike.values()].flatMap(({ shown, items: members }) =>
    members.length < MANY ? members : [{ ...shown, members: members.map(({ change }) => String(change.index)) }],
  );
}
const NONE: ReadonlySet<string> = new Set();

/** What of an item is not its own: without its key, wherever that stands, and without its ids. */
function toShown(item: Item, ids: ReadonlySet<string>): Item {
  const { change, imported } = item;
  const { type, name, index } = change;
  const isOwn = (attribute: string): boolean => {
    const [before, after] = [at(change.before, attribute), at(change.after, attribute)];
    if (before === index || after === index) return [before, after].every((value) => value === index || value === null);
    return ids.has(attribute) && (change.action !== 'update' || isEqualJson(before, after));
  };
  const names = [...new Set([change.before, change.after, change.unknown].flatMap((value) => (isMap(value) ? Object.keys(value) : [])))];
  const own = new Set(names.filter(isOwn));
  const without = (value: Json): Json => (isMap(value) ? leaveOut(value, own) : value);
  const shown: ResourceChange = {
    ...change,
    before: without(change.before),
    after: without(change.after),
    unknown: without(change.unknown),
    beforeSensitive: without(change.beforeSensitive),
    afterSensitive: without(change.afterSensitive),
  };
  return {
    ...item,
    change: shown,
    address: `${type}.${name}[…]`,
    imported: imported === null ? null : { from: null, by: 'not-said' },
    notes: item.notes.map((note) => note.replaceAll(String(index), '…')),
  };
}

/** What does not change is not shown, and may differ. */
function keyOf({ change, reason, notes, imported }: Item): string {
  const { before, after, action } = change;
  const isShown = (attribute: string): boolean => action !== 'update' || !isEqualJson(at(before, attribute), at(after, attribute));
  const shownOf = (value: Json): Json =>
    isMap(value)
      ? Object.keys(value)
          .filter(isShown)
          .map((name) => [name, ownValue(value, name) ?? null])
      : value;
  return JSON.stringify([
    ...[change.type, change.name, change.action, reason, notes, imported !== null, change.replacePaths],
    ...[shownOf(before), shownOf(after), change.unknown, change.beforeSensitive, change.afterSensitive],
  ]);
}

const at = (value: Json, name: string): Json => (isMap(value) ? (ownValue(value, name) ?? null) : null);

function leaveOut(value: JsonMap, names: ReadonlySet<string>): JsonMap {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));
}
