// After an apply: is what the API says what was planned? Where it is not, the user is told, and the state holds what the API said. Pure.
import { cut } from '../../base/cut.ts';
import { equal, objectOf } from './canonical.ts';
import { allMatch } from './match-elements.ts';
import { numberText } from './numbers.ts';
import { problem, type AttributePath, type Problem } from './problem.ts';
import type { AttributeType, Schema } from './schema.ts';
import { ExactNumber, UNKNOWN, isList, isMap, valueAt, type Value, type ValueMap } from './values.ts';

/** What is wrong with `actual`, which may still hold UNKNOWN where nobody told. */
export const differences = (schema: Schema, planned: ValueMap, actual: ValueMap): Problem[] =>
  differ(objectOf(schema), planned, actual, [], false);

function differ(type: AttributeType, planned: Value, actual: Value, path: AttributePath, hidden: boolean): Problem[] {
  if (actual === UNKNOWN) return [problem(path, 'The API did not tell this value', 'It is left empty. The next plan reads it again.')];
  if (type.kind === 'object' && isMap(actual) && (isMap(planned) || planned === UNKNOWN)) {
    return Object.entries(type.attributes).flatMap(([name, attribute]) => {
      const inside = planned === UNKNOWN ? UNKNOWN : valueAt(planned, name);
      if (attribute.writeOnly) return [];
      return differ(attribute.type, inside, valueAt(actual, name), [...path, name], hidden || attribute.sensitive === true);
    });
  }
  if (type.kind === 'map' && isMap(actual) && (planned === UNKNOWN || (isMap(planned) && sameKeys(planned, actual)))) {
    return Object.entries(actual).flatMap(([key, item]) =>
      differ(type.element, planned === UNKNOWN ? UNKNOWN : valueAt(planned, key), item, [...path, key], hidden),
    );
  }
  if (isList(actual) && (type.kind === 'list' || (type.kind === 'set' && planned === UNKNOWN))) {
    if (planned === UNKNOWN || (isList(planned) && planned.length === actual.length)) {
      return actual.flatMap((item, index) =>
        differ(type.element, planned === UNKNOWN ? UNKNOWN : (planned[index] ?? null), item, [...path, index], hidden),
      );
    }
  }
  if (type.kind === 'set' && isList(actual) && isList(planned)) {
    const untold = actual.flatMap((item, index) => untoldIn(type.element, item, [...path, index]));
    if (untold.length > 0) return untold;
    if (allMatch(planned, actual, (one, other) => differ(type.element, one, other, path, hidden).length === 0)) return [];
    return [unlike(type, planned, actual, path, hidden)];
  }
  return planned === UNKNOWN || equal(type, planned, actual) ? [] : [unlike(type, planned, actual, path, hidden)];
}

const untoldIn = (type: AttributeType, value: Value, path: AttributePath): Problem[] => differ(type, UNKNOWN, value, path, true);

function sameKeys(one: ValueMap, other: ValueMap): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key));
}

function unlike(type: AttributeType, planned: Value, actual: Value, path: AttributePath, hidden: boolean): Problem {
  const values = hidden || holdsSecrets(type) ? '' : `Planned: ${shown(planned)}. The API says: ${shown(actual)}. `;
  return problem(path, 'The API has another value than the one that was planned', `${values}The state holds what the API says.`);
}

const holdsSecrets = (type: AttributeType): boolean =>
  'element' in type
    ? holdsSecrets(type.element)
    : type.kind === 'object' &&
      Object.values(type.attributes).some((inner) => inner.sensitive === true || inner.writeOnly === true || holdsSecrets(inner.type));

function shown(value: Value): string {
  const text = JSON.stringify(value, (_, inner: Value) => (inner instanceof ExactNumber ? numberText(inner) : inner)) as string | undefined;
  return cut(text ?? '(known after apply)', 200);
}

/** Null where nobody told. */
export function withoutUnknown(value: Value): Value {
  if (value === UNKNOWN) return null;
  if (isList(value)) return value.map(withoutUnknown);
  if (!isMap(value)) return value;
  const made = Object.create(null) as Record<string, Value>;
  for (const [name, inner] of Object.entries(value)) made[name] = withoutUnknown(inner);
  return made;
}
