// Which entry of the record belongs to which declared object, and which to none. Pure.
import { typeOf } from '../deps.ts';
import type { PlannedItem, RecordedObject } from '../plan.ts';
import type { RecordData, RecordEntry } from './record-file.ts';

export interface Claims {
  /** The entry of an object, and under which id it stands. */
  entryOf(object: RecordedObject): { readonly id: string; readonly entry: RecordEntry } | null;
  /** What the record knows and nobody declares. */
  readonly orphans: readonly (RecordedObject & { readonly entry: RecordEntry })[];
}

/**
 * An entry whose id differs from a declared one in upper and lower case only is that object's: GitHub's names are the same in any case, and
 * whoever corrects `Acme/gate` to `acme/gate` in the file must not lose the secrets that are there. Where an API does tell them apart,
 * the old object is left alone, which is the harmless mistake of the two.
 */
export function claimEntries(record: RecordData, declared: readonly RecordedObject[]): Claims {
  const claimed = new Map<string, string>();
  const taken = new Set<string>();
  const take = (object: RecordedObject, id: string): void => {
    claimed.set(keyOf(object), id);
    taken.add(keyOf({ type: object.type, id }));
  };
  for (const object of declared) if (record.objects.get(object.type)?.has(object.id)) take(object, object.id);
  const left = new Map(
    [...record.objects].map(([type, byId]) => [
      type,
      new Map([...byId.keys()].filter((id) => !taken.has(keyOf({ type, id }))).map((id) => [id.toLowerCase(), id])),
    ]),
  );
  for (const object of declared) {
    const alike = claimed.has(keyOf(object)) ? undefined : left.get(object.type)?.get(object.id.toLowerCase());
    if (alike !== undefined) take(object, alike);
  }
  return {
    entryOf(object) {
      const id = claimed.get(keyOf(object));
      const entry = id === undefined ? undefined : record.objects.get(object.type)?.get(id);
      return id === undefined || entry === undefined ? null : { id, entry };
    },
    orphans: [...record.objects].flatMap(([type, byId]) =>
      [...byId].flatMap(([id, entry]) => (taken.has(keyOf({ type, id })) ? [] : [{ type, id, entry }])),
    ),
  };
}

/** What of a plan the file declares. */
export const declaredObjects = (items: readonly PlannedItem[]): RecordedObject[] =>
  items.flatMap(({ resource, id, item }) => (id === null || item === null ? [] : [{ type: typeOf(resource), id }]));

const keyOf = ({ type, id }: RecordedObject): string => `${type} ${id}`;
