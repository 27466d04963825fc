// Keeps changes small: the values of a large plan stay packed and are parsed when somebody looks at them. To whoever has such a
// change it is plain data: it can be spread, compared, cloned and written as JSON. No I/O.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue } from '../json-tree.ts';
import type { Change } from '../model.ts';
import type { PackedText, Slice } from './packed-text.ts';

/** What is large of a change. */
export type ChangeValues = Pick<Change, (typeof VALUES)[number]>;

const VALUES = ['before', 'after', 'unknown', 'beforeSensitive', 'afterSensitive', 'exactNumbers'] as const;
const PLACE: unique symbol = Symbol('where the values are kept');

/** Parsed values of packed changes, no more than so many bytes of text: what was parsed longest ago goes first. */
export class ValueShelf {
  readonly #maxBytes: number;
  #bytes = 0;
  #queue: ValuePlace[] = [];
  #first = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  hold(place: ValuePlace): void {
    this.#queue.push(place);
    this.#bytes += place.bytes;
    // The newest stays, however large: its change is looked at value by value.
    while (this.#bytes > this.#maxBytes && this.#first < this.#queue.length - 1) {
      const oldest = this.#queue[this.#first];
      this.#first += 1;
      if (oldest === undefined) break;
      this.#bytes -= oldest.bytes;
      oldest.forget();
    }
    if (this.#first > 1000 && this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
  }
}

export class ValuePlace {
  readonly #slice: Slice;
  readonly #from: ValueSource;
  /** Something of it is marked as sensitive. */
  readonly isMarked: boolean;
  readonly #isBeforeNull: boolean;
  readonly #isAfterNull: boolean;
  #values: ChangeValues | null = null;

  /** @param values  what stands there: of it is kept what is often asked and easily answered */
  constructor(slice: Slice, from: ValueSource, values: ChangeValues) {
    this.#slice = slice;
    this.#from = from;
    this.isMarked = holdsTrue(values.beforeSensitive) || holdsTrue(values.afterSensitive);
    this.#isBeforeNull = values.before === null;
    this.#isAfterNull = values.after === null;
  }

  get bytes(): number {
    return this.#slice.length;
  }

  get<K extends keyof ChangeValues>(key: K): ChangeValues[K] {
    const isNull = (key === 'before' && this.#isBeforeNull) || (key === 'after' && this.#isAfterNull);
    return isNull ? NOTHING[key] : this.#get()[key];
  }

  #get(): ChangeValues {
    if (this.#values === null) {
      this.#values = this.#from.toValues(this.#from.text.text(this.#slice));
      this.#from.shelf.hold(this);
    }
    return this.#values;
  }

  forget(): void {
    this.#values = null;
  }
}

const NOTHING: ChangeValues = { before: null, after: null, unknown: false, beforeSensitive: false, afterSensitive: false };

/** Shared by all changes of one kind in a plan. */
export interface ValueSource {
  readonly text: PackedText;
  readonly shelf: ValueShelf;
  toValues(text: string): ChangeValues;
}

interface Packed {
  readonly [PLACE]: ValuePlace;
}

const accessor = (key: keyof ChangeValues): PropertyDescriptor => ({
  enumerable: true,
  configurable: true,
  get(this: Packed): Json | undefined | Change['exactNumbers'] {
    return this[PLACE].get(key);
  },
});

/** Is it known without unpacking it that nothing of the change is marked? Most changes of a large plan hold no secret. */
export const isKnownUnmarked = (change: Change & Partial<Packed>): boolean => change[PLACE]?.isMarked === false;

/** Are the values of the change unpacked whenever somebody looks? Whoever keeps what it made of them keeps a large plan unpacked. */
export const isPacked = (change: Change & Partial<Packed>): boolean => change[PLACE] !== undefined;

// The same functions for all changes, so that these share one form in memory.
const LOOKED_UP: PropertyDescriptorMap = Object.fromEntries(
  VALUES.filter((key) => key !== 'exactNumbers').map((key) => [key, accessor(key)]),
);
const ALSO_LOOKED_UP: PropertyDescriptorMap = { exactNumbers: accessor('exactNumbers') };

export type Facts<C extends Change> = Omit<C, keyof ChangeValues>;

/** Makes the change of what is small of it: the values are looked up where they are kept. */
export function packChange<C extends Change>(facts: Facts<C>, place: ValuePlace, hasExactNumbers: boolean): C {
  Object.defineProperty(facts, PLACE, { value: place });
  Object.defineProperties(facts, LOOKED_UP);
  return (hasExactNumbers ? Object.defineProperties(facts, ALSO_LOOKED_UP) : facts) as C;
}
