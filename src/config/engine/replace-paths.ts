// Which changes cannot be made to an object, so that a new one must be made: the attributes marked `replace`, at every depth. Pure.
import { equal, objectOf } from './canonical.ts';
import type { AttributePath } from './problem.ts';
import type { Attribute, AttributeType, Schema } from './schema.ts';
import { UNKNOWN, isList, isMap, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

/** Something unknown counts as a change: it may become one. */
export const replacePaths = (schema: Schema, proposed: ValueMap, prior: ValueMap): AttributePath[] =>
  pathsIn(objectOf(schema), proposed, prior, []);

function pathsIn(type: AttributeType, proposed: Value, prior: Value, path: AttributePath): AttributePath[] {
  if (equal(type, proposed, prior) || !holdsReplace(type)) return [];
  // Not even its shape is known: any of the marked attributes may change.
  if (proposed === UNKNOWN) return [path];
  switch (type.kind) {
    case 'object': {
      const [after, before] = [asMap(proposed), asMap(prior)];
      return Object.entries(type.attributes).flatMap(([name, attribute]) => {
        const [a, b]: [Value, Value] = [valueAt(after, name), valueAt(before, name)];
        if (attribute.replace) return equal(attribute.type, a, b) ? [] : [[...path, name]];
        return pathsIn(attribute.type, a, b, [...path, name]);
      });
    }
    case 'map': {
      const [after, before] = [asMap(proposed), asMap(prior)];
      const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
      return [...keys].flatMap((key) => pathsIn(type.element, valueAt(after, key), valueAt(before, key), [...path, key]));
    }
    case 'list': {
      const [after, before] = [asList(proposed), asList(prior)];
      const length = Math.max(after.length, before.length);
      return Array.from({ length }, (_, index) =>
        pathsIn(type.element, after[index] ?? null, before[index] ?? null, [...path, index]),
      ).flat();
    }
    case 'set': {
      // Elements have no identity, so that their marked parts are compared, as a set of their own.
      const marked = markedOnly(type);
      return equal(marked, proposed, prior) ? [] : [path];
    }
    default:
      return [];
  }
}

/** The type with nothing but what is marked: attributes that it does not have are not compared. */
function markedOnly(type: AttributeType): AttributeType {
  if ('element' in type) return { kind: type.kind, element: markedOnly(type.element) };
  if (type.kind !== 'object') return type;
  const kept = Object.entries(type.attributes).flatMap(([name, attribute]): [string, Attribute][] => {
    if (attribute.replace) return [[name, attribute]];
    return holdsReplace(attribute.type) ? [[name, { ...attribute, type: markedOnly(attribute.type) }]] : [];
  });
  return { kind: 'object', attributes: Object.fromEntries(kept) };
}

const asMap = (value: Value): ValueMap => (isMap(value) ? value : valueMap([]));
const asList = (value: Value): readonly Value[] => (isList(value) ? value : []);

const holdsReplace = (type: AttributeType): boolean =>
  'element' in type
    ? holdsReplace(type.element)
    : type.kind === 'object' &&
      Object.values(type.attributes).some((attribute) => attribute.replace === true || holdsReplace(attribute.type));
