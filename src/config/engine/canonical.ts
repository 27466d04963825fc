// One text for everything that means the same: sets without order and repetition, numbers by value. What is equal, how a set is
// ordered and what a digest is made of follow from it. Pure.
import { numberText } from './numbers.ts';
import type { AttributeType, Schema } from './schema.ts';
import { ExactNumber, UNKNOWN, isList, isMap, isWhollyKnown, valueAt, type Value } from './values.ts';

/** The type of a whole object. */
export const objectOf = (schema: Schema): AttributeType => ({ kind: 'object', attributes: schema });

/** Stands for something unknown. No JSON text holds this character as it is. */
const UNKNOWN_TEXT = '\u0000';

/** Equal texts mean equal values; something unknown is the same as something else unknown. Only what the type has is looked at. */
export function canonicalText(type: AttributeType, value: Value): string {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (isList(value)) {
    const element = type.kind === 'list' || type.kind === 'set' ? type.element : type;
    const texts = value.map((item) => canonicalText(element, item));
    return `[${(type.kind === 'set' ? [...new Set(texts)].sort(byText) : texts).join(',')}]`;
  }
  if (isMap(value)) {
    const names = type.kind === 'object' ? Object.keys(type.attributes) : Object.keys(value);
    const pairs = names.sort(byText).map((name) => {
      const inner = type.kind === 'object' ? type.attributes[name]?.type : type.kind === 'map' ? type.element : undefined;
      return `${JSON.stringify(name)}:${canonicalText(inner ?? type, valueAt(value, name))}`;
    });
    return `{${pairs.join(',')}}`;
  }
  return typeof value === 'number' || value instanceof ExactNumber ? numberText(value) : JSON.stringify(value);
}

/** Equal by content. Something unknown is equal to nothing: it may become anything. */
export function equal(type: AttributeType, one: Value, other: Value): boolean {
  const text = canonicalText(type, one);
  return !text.includes(UNKNOWN_TEXT) && text === canonicalText(type, other);
}

/** Equal by content, where unknown is the same as unknown: two plans that say the same. */
export const same = (type: AttributeType, one: Value, other: Value): boolean => canonicalText(type, one) === canonicalText(type, other);

/**
 * The elements of a set in the one order that plans and states have them in, each once. What holds something unknown is not taken for a
 * repetition: two unknown elements may become different.
 */
export function ordered(element: AttributeType, items: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return items
    .map((item): { item: Value; text: string } => ({ item, text: canonicalText(element, item) }))
    .filter(({ item, text }) => !isWhollyKnown(item) || (!seen.has(text) && seen.add(text)))
    .sort((a, b) => byText(a.text, b.text))
    .map(({ item }) => item);
}

/** By code units: the same order on every machine, whatever its language. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
