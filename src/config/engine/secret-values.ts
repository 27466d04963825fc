// Takes the sensitive and write-only values of an object out of the texts that are told about it. Pure.
import { createRedactor } from '../../base/redact.ts';
import type { Problem } from './problem.ts';
import type { AttributeType, Schema } from './schema.ts';
import { numberText } from './numbers.ts';
import { ExactNumber, isList, isMap, valueAt, type Value, type ValueMap } from './values.ts';

export type Redact = (text: string) => string;

const MIN_LENGTH = 8; // of base/redact: it would mask half of every text for a shorter one

/** @param objects  everything that is known of the object: its configuration, its state, what is planned */
export function redactFor(schema: Schema, objects: readonly (ValueMap | null)[]): Redact {
  const secrets = objects.flatMap((object) => (object === null ? [] : secretsIn(schema, object)));
  const redactor = createRedactor();
  // A key of many lines may be quoted a line at a time.
  for (const secret of secrets) for (const text of [secret, ...secret.split(/\r?\n/)]) redactor.add(text.trim());
  for (const secret of secrets) redactor.add(secret);
  const short = new Set(secrets.map((secret) => secret.trim()).filter((secret) => secret !== '' && secret.length < MIN_LENGTH));

  return (text) => {
    const redacted = redactor.redact(text);
    return [...short].some((secret) => redacted.includes(secret))
      ? 'a message that is not shown, because it holds a sensitive value'
      : redacted;
  };
}

export const redactProblems = (problems: readonly Problem[], redact: Redact): Problem[] =>
  problems.map((found) => ({ ...found, summary: redact(found.summary), detail: redact(found.detail) }));

const secretsIn = (schema: Schema, object: ValueMap): string[] =>
  Object.entries(schema).flatMap(([name, { type, sensitive, writeOnly }]) => {
    const value = valueAt(object, name);
    return sensitive || writeOnly ? textsIn(value) : nestedSecrets(type, value);
  });

function nestedSecrets(type: AttributeType, value: Value): string[] {
  if (type.kind === 'object') return isMap(value) ? secretsIn(type.attributes, value) : [];
  if (!('element' in type)) return [];
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return items.flatMap((item) => nestedSecrets(type.element, item));
}

function textsIn(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || value instanceof ExactNumber) return [numberText(value)];
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return items.flatMap(textsIn);
}
