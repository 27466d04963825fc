// One side of a change, prepared for comparing: what kind of thing stands at each place, whether it is hidden, and two numbers. Places
// with the same `identity` hold the same; places with the same look seem the same to people, to whom all hidden values are alike.
// Elements of lists are matched by look, so that no order of elements tells of hidden values. No I/O.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../json-tree.ts';
import { isMarked, marksAt, NO_MARKS, type Marks } from '../marks.ts';
import { mapKeys, type Masker } from '../masking.ts';
import type { ExactNumbers } from '../model.ts';
import type { LeafValue } from './tree.ts';

export interface Side {
  readonly type: 'absent' | 'hidden' | 'unknown' | 'scalar' | 'list' | 'map';
  /** Absent, and written as null. */
  readonly isNull: boolean;
  /** Marked on this side of the change; a hidden place may be marked on the other one only. */
  readonly isMarked: boolean;
  /** Hidden, or something below is. */
  readonly holdsHidden: boolean;
  /** Of a scalar. */
  readonly value: null | boolean | number | string;
  /** Of a number that a double does not hold. */
  readonly spelling: string | null;
  readonly items: readonly Side[];
  /** By key as it is in the plan. */
  readonly entries: ReadonlyMap<string, Side>;
  readonly identity: number;
}

/** A value of a document that is told as it is spelled: a number that a double would not give back, a word of two meanings. */
export class Spelled {
  readonly spelling: string;
  constructor(spelling: string) {
    this.spelling = spelling;
  }
}

/** A document as its parser leaves it. */
export type DocumentValue =
  null | boolean | number | string | Spelled | readonly DocumentValue[] | { readonly [key: string]: DocumentValue };

export interface PlanValue {
  readonly value: Json | undefined;
  readonly marks: Marks;
  readonly unknown: Json | undefined;
  readonly numbers: ExactNumbers | null;
  /** null counts as absent in attributes; in outputs it is a value. In lists it is one everywhere. */
  readonly isNullAbsent: boolean;
}

export interface Sides {
  fromPlan(place: PlanValue): Side;
  fromDocument(value: DocumentValue): Side;
  lookOf(side: Side): number;
  /**
   * Not for lists and maps.
   * @param other  the other side of a change: where one side looks like a credential, both are withheld
   */
  leafOf(side: Side, other?: Side): LeafValue;
}

const NO_ITEMS: readonly Side[] = [];
const NO_ENTRIES: ReadonlyMap<string, Side> = new Map();
export const ABSENT: Side = {
  type: 'absent',
  isNull: false,
  isMarked: false,
  holdsHidden: false,
  value: null,
  spelling: null,
  items: NO_ITEMS,
  entries: NO_ENTRIES,
  identity: 0,
};

/** Numbers and sides of one call belong together. */
export function createSides(masker: Masker): Sides {
  // What is said of a place, as text, and its number. Exact, unlike a hash: nobody can make two values that pass for one.
  const numbers = new Map<string, number>([['', 0]]);
  const looks = new Map<Side, number>();
  const leaves = new Map<Side, LeafValue>();
  let last = 0;

  const unique = (): number => ++last;
  function numberOf(text: string): number {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, ++last);
    return last;
  }
  const HIDDEN = numberOf('hidden');
  const scalarNumber = (value: null | boolean | number | string, spelling: string | null): number =>
    numberOf(spelling === null ? `${typeof value} ${String(value)}` : `number ${spelling}`);
  const listNumber = (items: readonly number[]): number => numberOf(`[${items.join(',')}`);
  const mapNumber = (entries: readonly (readonly [string, number])[]): number =>
    numberOf(`{${entries.map(([key, number]) => `${numberOf(`key ${key}`)}:${number}`).join(',')}`);

  const scalar = (value: null | boolean | number | string, spelling: string | null): Side => ({
    ...ABSENT,
    type: 'scalar',
    value,
    spelling,
    identity: scalarNumber(value, spelling),
  });
  const list = (items: readonly Side[]): Side => ({
    ...ABSENT,
    type: 'list',
    items,
    holdsHidden: items.some((item) => item.holdsHidden),
    identity: listNumber(items.map((item) => item.identity)),
  });
  /** Entries come sorted. */
  const map = (entries: ReadonlyMap<string, Side>): Side => ({
    ...ABSENT,
    type: 'map',
    entries,
    holdsHidden: [...entries.values()].some((entry) => entry.holdsHidden),
    identity: mapNumber([...entries].map(([key, side]) => [key, side.identity])),
  });

  function fromPlan({ value: root, marks: rootMarks, unknown: rootUnknown, numbers: exact, isNullAbsent }: PlanValue): Side {
    const path: (string | number)[] = [];
    const spellingHere = (): string | null => (exact === null || exact.size === 0 ? null : (exact.get(JSON.stringify(path)) ?? null));
    const below = <T>(step: string | number, inner: () => T): T => {
      path.push(step);
      const result = inner();
      path.pop();
      return result;
    };

    function build(value: Json | undefined, marks: Marks, unknown: Json | undefined, isElement: boolean): Side {
      const isNothing = value === undefined || value === null;
      const isWithout = isNothing && unknown !== true && !(value === null && (isElement || !isNullAbsent));
      if (isMarked(value, marks)) {
        if (isWithout && !holdsTrue(unknown)) return { ...ABSENT, isNull: value === null };
        const isKnown = !holdsTrue(unknown);
        const identity = isKnown ? build(value, NO_MARKS, undefined, true).identity : unique();
        return { ...ABSENT, type: 'hidden', isMarked: isMark(marks.own), holdsHidden: true, identity };
      }
      if (unknown === true) return { ...ABSENT, type: 'unknown', identity: unique() };
      if (isList(value) || (isNothing && isList(unknown) && holdsTrue(unknown))) {
        const items = isList(value) ? value : [];
        const unknowns = isList(unknown) ? unknown : [];
        const length = Math.max(items.length, unknowns.findLastIndex(holdsTrue) + 1);
        return list(Array.from({ length }, (_, i) => below(i, () => build(items[i], marksAt(marks, i), unknowns[i], true))));
      }
      if (isMap(value) || (isNothing && isMap(unknown) && holdsTrue(unknown))) {
        const entries = new Map<string, Side>();
        for (const key of mapKeys(value, unknown)) {
          const inner = isMap(value) ? ownValue(value, key) : undefined;
          const unknownInner = isMap(unknown) ? ownValue(unknown, key) : undefined;
          entries.set(
            key,
            below(key, () => build(inner, marksAt(marks, key), unknownInner, false)),
          );
        }
        return map(entries);
      }
      if (isWithout) return { ...ABSENT, isNull: value === null, identity: value === null ? scalarNumber(null, null) : 0 };
      return scalar(value ?? null, typeof value === 'number' ? spellingHere() : null);
    }

    return build(root, rootMarks, rootUnknown, false);
  }

  function fromDocument(value: DocumentValue): Side {
    if (value instanceof Spelled) return scalar(Number(value.spelling), value.spelling);
    if (Array.isArray(value)) return list((value as readonly DocumentValue[]).map(fromDocument));
    if (typeof value === 'object' && value !== null) {
      const document = value as { readonly [key: string]: DocumentValue };
      const keys = Object.keys(document).sort();
      return map(new Map(keys.map((key) => [key, fromDocument(document[key] ?? null)])));
    }
    return scalar(value as null | boolean | number | string, null);
  }

  function leafOf(side: Side, other?: Side): LeafValue {
    if (side.type === 'hidden') return { kind: 'masked' };
    if (side.type === 'unknown') return { kind: 'unknown' };
    if (other !== undefined) return maskedScalar(side, other.value);
    const known = leaves.get(side);
    if (known !== undefined) return known;
    const leaf = maskedScalar(side, undefined);
    leaves.set(side, leaf);
    return leaf;
  }

  function maskedScalar({ value, spelling }: Side, other: Side['value'] | undefined): LeafValue {
    const masked = masker.mask(value, NO_MARKS, undefined, other);
    if (masked.kind === 'list' || masked.kind === 'map') return { kind: 'masked' };
    if (masked.kind !== 'plain' || spelling === null) return masked;
    const spelled = masker.mask(spelling, NO_MARKS, undefined);
    return spelled.kind === 'plain' && !spelled.redacted ? { kind: 'number', spelling } : { kind: 'masked' };
  }

  function lookOf(side: Side): number {
    if (side.type === 'absent' || side.type === 'unknown') return side.identity;
    if (side.type === 'hidden') return HIDDEN;
    const known = looks.get(side);
    if (known !== undefined) return known;
    const look = newLook(side);
    looks.set(side, look);
    return look;
  }

  function newLook(side: Side): number {
    if (side.type === 'list') {
      const items = side.items.map(lookOf);
      return side.items.every((item, i) => item.identity === items[i]) ? side.identity : listNumber(items);
    }
    if (side.type === 'map') {
      const entries = [...side.entries].map(([key, inner]) => [masker.key(key), lookOf(inner)] as const);
      return mapNumber(entries);
    }
    const leaf = leafOf(side);
    if (leaf.kind === 'plain' && leaf.redacted) return numberOf(`redacted ${String(leaf.value)}`);
    return leaf.kind === 'plain' || leaf.kind === 'number' ? side.identity : HIDDEN;
  }

  return { fromPlan, fromDocument, lookOf, leafOf };
}
