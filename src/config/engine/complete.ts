// Makes a whole object of what was told of it: where nothing was told, what was planned or remembered stands. Pure.
import { equal, ordered } from './canonical.ts';
import { allMatch, matchElements } from './match-elements.ts';
import { isSameDouble } from './numbers.ts';
import type { AttributeType, Schema } from './schema.ts';
import { isToldList, isToldMap, type Told } from './told.ts';
import { ExactNumber, UNKNOWN, isList, isMap, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

/** @param fallback  UNKNOWN where nothing else is known; then that is what comes out */
export function complete(type: AttributeType, told: Told, fallback: Value): Value {
  if (told === undefined) return fallback;
  if (told === null) return null;
  if (type.kind === 'object' && isToldMap(told)) {
    return valueMap(
      Object.entries(type.attributes).map(([name, attribute]) => [
        name,
        attribute.writeOnly
          ? null
          : complete(
              attribute.type,
              told[name],
              insideOf(fallback, (map) => valueAt(map, name)),
            ),
      ]),
    );
  }
  if (type.kind === 'map' && isToldMap(told)) {
    return valueMap(
      Object.entries(told).map(([key, item]) => [
        key,
        complete(
          type.element,
          item,
          insideOf(fallback, (map) => valueAt(map, key)),
        ),
      ]),
    );
  }
  if (type.kind === 'list' && isToldList(told)) {
    return told.map((item, index) => complete(type.element, item, elementOf(fallback, index)));
  }
  if (type.kind === 'set' && isToldList(told)) {
    const before = isList(fallback) ? fallback : [];
    const partners = matchElements(told, before, {
      agrees: (item, other) => mayBe(type.element, item, other),
      isSame: (item, other) => untold(item) === 0 && equal(type.element, item as Value, other),
      openPlaces: untold,
    });
    return ordered(
      type.element,
      told.map((item, index) => complete(type.element, item, elementOf(fallback, partners[index] ?? null))),
    );
  }
  // An API's number is a double. When the number that was planned is the same one with more digits, those digits are kept.
  if (fallback instanceof ExactNumber && typeof told === 'number' && isSameDouble(fallback, told)) return fallback;
  return told as Value;
}

/** A state as a driver kept it, with every attribute of the schema, its sets in order and no write-only value. */
export function completeState(schema: Schema, state: ValueMap): ValueMap {
  const whole = complete({ kind: 'object', attributes: schema }, state as Told, null);
  return isMap(whole) ? whole : valueMap([]);
}

/** In how many places nothing was told. */
function untold(told: Told): number {
  if (told === undefined) return 1;
  if (!isToldList(told) && !isToldMap(told)) return 0;
  return Object.values(told).reduce((sum: number, inner: Told) => sum + untold(inner), 0);
}

const insideOf = (fallback: Value, take: (map: ValueMap) => Value): Value =>
  isMap(fallback) ? take(fallback) : fallback === UNKNOWN ? UNKNOWN : null;

const elementOf = (fallback: Value, index: number | null): Value =>
  isList(fallback) && index !== null ? (fallback[index] ?? null) : fallback === UNKNOWN ? UNKNOWN : null;

/** Does what was told speak against its being this value? */
function mayBe(type: AttributeType, told: Told, value: Value): boolean {
  if (told === undefined || value === UNKNOWN) return true;
  if (type.kind === 'object' && isToldMap(told) && isMap(value)) {
    return Object.entries(type.attributes).every(
      ([name, attribute]) => attribute.writeOnly || mayBe(attribute.type, told[name], valueAt(value, name)),
    );
  }
  if (type.kind === 'map' && isToldMap(told) && isMap(value)) {
    const keys = Object.keys(told);
    return (
      keys.length === Object.keys(value).length &&
      keys.every((key) => Object.hasOwn(value, key) && mayBe(type.element, told[key], valueAt(value, key)))
    );
  }
  if (type.kind === 'list' && isToldList(told) && isList(value)) {
    return told.length === value.length && told.every((item, index) => mayBe(type.element, item, value[index] ?? null));
  }
  if (type.kind === 'set' && isToldList(told) && isList(value)) {
    return allMatch(told, value, (item, other) => mayBe(type.element, item, other));
  }
  if (value instanceof ExactNumber && typeof told === 'number') return isSameDouble(value, told);
  return equal(type, told as Value, value);
}
