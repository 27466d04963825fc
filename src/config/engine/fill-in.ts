// Before an apply: what was unknown in a plan because the configuration was, is known now. And the opposite: is this the configuration that
// was planned? Pure.
import { equal, objectOf, ordered, same } from './canonical.ts';
import { allMatch, matchElements } from './match-elements.ts';
import { problem, type Problem } from './problem.ts';
import { propose } from './propose.ts';
import type { AttributeType, Schema } from './schema.ts';
import { UNKNOWN, isList, isMap, isWhollyKnown, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

export interface Filled {
  /** Unknown only where the API has to tell. */
  readonly planned: ValueMap;
  readonly problems: readonly Problem[];
}

/** @param config  wholly known, or that is a problem */
export function fillIn(schema: Schema, planned: ValueMap, config: ValueMap): Filled {
  const open = Object.keys(schema).filter((name) => !isWhollyKnown(valueAt(config, name)));
  if (open.length > 0) {
    return { planned, problems: open.map((name) => problem([name], 'Still not known, so that nothing was done')) };
  }
  const meant = propose(schema, config, undefined, 'changed');
  const differing = Object.entries(schema).filter(([name, { type }]) => !mayBecome(type, valueAt(planned, name), valueAt(meant, name)));
  if (differing.length > 0) {
    const detail = 'The configuration has another value here than when the plan was made. Nothing was done. Plan again.';
    return { planned, problems: differing.map(([name]) => problem([name], 'Not as it was planned', detail)) };
  }
  const filled = fill(objectOf(schema), planned, meant);
  return { planned: isMap(filled) ? filled : planned, problems: [] };
}

function fill(type: AttributeType, planned: Value, meant: Value): Value {
  if (planned === UNKNOWN) return meant;
  if (meant === UNKNOWN || isWhollyKnown(planned)) return planned;
  if (type.kind === 'object' && isMap(planned) && isMap(meant)) {
    return valueMap(
      Object.entries(type.attributes).map(([name, attribute]) => [
        name,
        fill(attribute.type, valueAt(planned, name), valueAt(meant, name)),
      ]),
    );
  }
  if (type.kind === 'map' && isMap(planned) && isMap(meant)) {
    return valueMap(Object.entries(planned).map(([key, item]) => [key, fill(type.element, item, valueAt(meant, key))]));
  }
  if (type.kind === 'list' && isList(planned) && isList(meant)) {
    return planned.map((item, index) => fill(type.element, item, meant[index] ?? null));
  }
  if (type.kind === 'set' && isList(planned) && isList(meant)) {
    // An element that is wholly unknown says nothing of which it is: the others choose first.
    const told = planned.filter((item) => item !== UNKNOWN);
    const partners = matchElements(told, meant, {
      agrees: (item, other) => mayBecome(type.element, item, other),
      isSame: (item, other) => same(type.element, item, other),
      openPlaces: unknownPlaces,
    });
    const rest = meant.filter((_, index) => !partners.includes(index));
    const filled = told.flatMap((item, index): Value[] => {
      const partner = partners[index] ?? null;
      return partner === null ? [] : [fill(type.element, item, meant[partner] ?? null)];
    });
    return ordered(type.element, [...filled, ...rest]);
  }
  return planned;
}

function unknownPlaces(value: Value): number {
  if (value === UNKNOWN) return 1;
  const items: readonly Value[] = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return items.reduce((sum: number, item) => sum + unknownPlaces(item), 0);
}

/** Could both be the same in the end? */
function mayBecome(type: AttributeType, planned: Value, meant: Value): boolean {
  if (planned === UNKNOWN || meant === UNKNOWN) return true;
  if (type.kind === 'object' && isMap(planned) && isMap(meant)) {
    return Object.entries(type.attributes).every(([name, attribute]) =>
      mayBecome(attribute.type, valueAt(planned, name), valueAt(meant, name)),
    );
  }
  if (type.kind === 'map' && isMap(planned) && isMap(meant)) {
    const keys = Object.keys(planned);
    return (
      keys.length === Object.keys(meant).length &&
      keys.every((key) => Object.hasOwn(meant, key) && mayBecome(type.element, valueAt(planned, key), valueAt(meant, key)))
    );
  }
  if (type.kind === 'list' && isList(planned) && isList(meant)) {
    return planned.length === meant.length && planned.every((item, index) => mayBecome(type.element, item, meant[index] ?? null));
  }
  if (type.kind === 'set' && isList(planned) && isList(meant)) {
    // What was unknown may have turned out to be a repetition.
    if (!isWhollyKnown(planned)) {
      const fits = (item: Value, other: Value): boolean => mayBecome(type.element, item, other);
      return (
        meant.every((other) => planned.some((item) => fits(item, other))) &&
        planned.every((item) => meant.some((other) => fits(item, other)))
      );
    }
    return allMatch(planned, meant, (item, other) => mayBecome(type.element, item, other));
  }
  return equal(type, planned, meant);
}
