// The conversions that Terraform does between string, number and bool, and no others: "3" is a number where one is asked for, yes is not
// true. Pure.
//
// Source: zclconf/go-cty, convert/conversion_primitive.go (read 2026-11-22).
import { numberFromText, numberText } from './numbers.ts';
import { ExactNumber, type Value } from './values.ts';

const BOOLS: ReadonlyMap<Value, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** @returns undefined when there is no such conversion */
export function convertPrimitive(kind: 'string' | 'number' | 'bool', value: Value): Value | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  const isNumber = typeof value === 'number' || value instanceof ExactNumber;
  switch (kind) {
    case 'string':
      if (typeof value === 'boolean') return String(value);
      return isNumber ? numberText(value) : typeof value === 'string' ? value : undefined;
    case 'number':
      if (typeof value === 'string') return numberFromText(value) ?? undefined;
      return isNumber ? (Object.is(value, -0) ? 0 : value) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : BOOLS.get(value);
  }
}
