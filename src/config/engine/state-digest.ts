// A short text that differs when an object was changed outside: for a driver that keeps no states. Holds no secret, and none can be
// guessed from it. Pure.
import { createHash } from 'node:crypto';
import { canonicalText, objectOf } from './canonical.ts';
import type { AttributeType, Schema } from './schema.ts';
import type { ValueMap } from './values.ts';

/**
 * Of what a configuration can say and the API tells: not of what is computed (a time of last use is no change), remembered, write-only or
 * sensitive.
 *
 * @returns sha256, hexadecimal
 */
export const digestOf = (schema: Schema, state: ValueMap): string =>
  createHash('sha256')
    .update(canonicalText(visible(objectOf(schema)), state))
    .digest('hex');

function visible(type: AttributeType): AttributeType {
  if ('element' in type) return { kind: type.kind, element: visible(type.element) };
  if (type.kind !== 'object') return type;
  const kept = Object.entries(type.attributes).filter(
    ([, { presence, writeOnly, sensitive, remembered }]) => presence !== 'computed' && !writeOnly && !sensitive && !remembered,
  );
  return objectOf(Object.fromEntries(kept.map(([name, attribute]) => [name, { ...attribute, type: visible(attribute.type) }])));
}
