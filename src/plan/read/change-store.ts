// Where the changes of a plan are kept while it is read and after: as they are in a plan of ordinary size, which is then as fast to look
// at as any object; packed in a larger one. No I/O.
import type { Json } from '../../contracts/json.ts';
import { isMap, ownValue } from '../json-tree.ts';
import type { Change } from '../model.ts';
import { toValues } from '../to-plan.ts';
import { exactNumbersAt } from './exact-numbers.ts';
import type { Part } from './json-splitter.ts';
import { packChange, ValuePlace, ValueShelf, type ChangeValues, type Facts, type ValueSource } from './packed-change.ts';
import { PackedText } from './packed-text.ts';

export interface StoreLimits {
  /** Bytes of JSON of all changes together, up to which they are kept as they are. */
  readonly plainBytes: number;
  /** Bytes of JSON of changes of a larger plan that are kept parsed, after they were looked at. */
  readonly shelfBytes: number;
}

// Parsed, a byte of JSON takes some 3.5 bytes. 10,000 AWS resources are 31 MB of changes. The shelf is for who looks at one change several
// times: with 8 MB, all that passes over it grows old in V8's memory, and a walk through a large plan takes 100 MB more and a third longer.
export const STORE_LIMITS: StoreLimits = { plainBytes: 32 * 2 ** 20, shelfBytes: 64 * 2 ** 10 };

/** Of a document of so many bytes: V8's memory is worth looking after. */
export const isLarge = (bytes: number): boolean => bytes > STORE_LIMITS.plainBytes;

/**
 * Of a document of so many bytes. What V8 once took for 100 MB of objects it does not give back, so what will not stay as it is, is packed
 * from the beginning. Where planned values and prior state are told, the changes are a half of the document.
 */
export const limitsFor = (bytes: number): StoreLimits =>
  bytes > 2 * STORE_LIMITS.plainBytes ? { ...STORE_LIMITS, plainBytes: 0 } : STORE_LIMITS;

/** In which part of an element the change stands: `{ address, change: { before, … } }`. */
export type ChangePath = readonly string[];

export class ChangeStore {
  readonly #limits: StoreLimits;
  readonly #text = new PackedText(false);
  readonly #shelf: ValueShelf;
  readonly #sources = new Map<string, ValueSource>();
  #bytes = 0;
  /** null: the plan is a large one, and what comes is packed at once. */
  #plain: { readonly pack: () => void }[] | null = [];

  constructor(limits: StoreLimits) {
    this.#limits = limits;
    this.#shelf = new ValueShelf(limits.shelfBytes);
  }

  /** Adds a change to the list, as it is or packed; one that is there as it is may be replaced by its packed form later. */
  keep<C extends Change>(list: C[], facts: Facts<C>, values: ChangeValues, part: Part, path: ChangePath): void {
    const slice = this.#text.add(part.bytes);
    const place = new ValuePlace(slice, this.#source(path, values.exactNumbers !== undefined), values);
    this.#bytes += slice.length;
    if (this.#plain !== null && this.#bytes <= this.#limits.plainBytes) {
      const index = list.push({ ...facts, ...values } as C) - 1;
      this.#plain.push({ pack: () => (list[index] = packChange(facts, place, values.exactNumbers !== undefined)) });
      return;
    }
    this.#packPlain();
    list.push(packChange(facts, place, values.exactNumbers !== undefined));
  }

  #packPlain(): void {
    if (this.#plain === null) return;
    for (const { pack } of this.#plain) pack();
    this.#plain = null;
    this.#text.pack();
  }

  #source(path: ChangePath, hasExactNumbers: boolean): ValueSource {
    const key = `${path.join('.')} ${hasExactNumbers}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const source: ValueSource = {
      text: this.#text,
      shelf: this.#shelf,
      toValues: (text) => readValues(text, path, hasExactNumbers),
    };
    this.#sources.set(key, source);
    return source;
  }
}

/** The element was checked when it was read first. */
function readValues(text: string, path: ChangePath, hasExactNumbers: boolean): ChangeValues {
  const element = JSON.parse(text) as Json;
  const change = path.reduce<Json | undefined>((inner, key) => (isMap(inner) ? ownValue(inner, key) : undefined), element);
  const own = (key: string): Json | undefined => (isMap(change) ? ownValue(change, key) : undefined);
  const values = toValues({
    before: own('before'),
    after: own('after'),
    after_unknown: own('after_unknown'),
    before_sensitive: own('before_sensitive'),
    after_sensitive: own('after_sensitive'),
  });
  const exactNumbers = hasExactNumbers ? exactNumbersAt(text, path) : undefined;
  return exactNumbers === undefined ? values : { ...values, exactNumbers };
}
