// Two keys of a map that the CEL library takes for its own, made harmless. Pure.
//
// It tells what a value is by `value.constructor`: a tag with that name made an error of every rule that touched its map, and
// `after.?tags.?Owner` swallowed the error and saw no tags at all. And it compares maps with `in`, which finds `__proto__` in all of them:
// {"__proto__": {}} was equal to every map with one key. Plans are written by whoever can open a pull request.

/** Does anything in it have such a key? Only JSON: getters would be called. */
export function isOdd(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (isOdd(item)) return true;
    return false;
  }
  if (Object.hasOwn(value, 'constructor') || Object.hasOwn(value, '__proto__')) return true;
  for (const key in value) if (isOdd((value as Record<string, unknown>)[key])) return true;
  return false;
}

/** A copy in which each map with an odd key is one that the library can read. Getters are kept and not called. */
export function tame(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([, descriptor]) => descriptor.enumerable)
    .map(([key, descriptor]): [string, PropertyDescriptor] => [key, tameProperty(descriptor)]);
  if (!Array.isArray(value) && entries.some(([key]) => key === 'constructor' || key === '__proto__')) return new OddMap(entries);
  const copy = Array.isArray(value) ? [] : {};
  for (const [key, descriptor] of entries) Object.defineProperty(copy, key, descriptor);
  return copy;
}

export const tameIfOdd = (value: unknown): unknown => (isOdd(value) ? tame(value) : value);

const tameProperty = (descriptor: PropertyDescriptor): PropertyDescriptor =>
  'value' in descriptor ? { ...descriptor, value: tame(descriptor.value) } : descriptor;

const NOT_JUDGED: PropertyDescriptor = {
  enumerable: true,
  get: () => {
    throw new Error('A map in the plan has the key "__proto__", which cannot be judged');
  },
};

/** The library reads it as the Map that it says it is. What is unknown in it raises when it is read, as in every other map. */
export class OddMap extends Map<string, unknown> {
  readonly #properties: ReadonlyMap<string, PropertyDescriptor>;

  constructor(entries: readonly (readonly [string, PropertyDescriptor])[]) {
    super();
    this.#properties = new Map(entries.map(([key, descriptor]) => [key, key === '__proto__' ? NOT_JUDGED : descriptor]));
    for (const key of this.#properties.keys()) super.set(key, undefined);
  }

  property(key: string): PropertyDescriptor | undefined {
    return this.#properties.get(key);
  }

  override get(key: string): unknown {
    const property = this.#properties.get(key);
    return property?.get === undefined ? (property?.value as unknown) : (property.get() as unknown);
  }

  override *entries(): MapIterator<[string, unknown]> {
    for (const key of this.keys()) yield [key, this.get(key)];
  }

  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }
}
Object.defineProperty(OddMap.prototype, 'constructor', { value: Map });
