// Looks into a zod schema: what belongs at a path, which form of a union was meant, what a value should be. Pure.
import type * as z from 'zod';
import type { DocumentPath } from './path.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

/** @returns null where the schema knows nothing */
export function schemaAt(schema: Schema, path: DocumentPath, value: unknown): Schema | null {
  let at: Schema | null = schema;
  let found = value;
  for (const part of path) {
    at = at === null ? null : inner(at, part, found);
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? (found as Record<string, unknown>)[part] : undefined;
  }
  return at;
}

/** The keys of a map, in the order of the schema; none for anything else. */
export function keysOf(schema: Schema | null, found: unknown): string[] {
  const def = schema === null ? null : defOf(meantForm(schema, found) ?? schema);
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

export interface Form {
  readonly schema: Schema;
  /** In words: `text`, `a list of texts`, `{ file: … }`. */
  readonly word: string;
}

/** The forms of a union, or the schema itself as the only one. */
export function formsOf(schema: Schema): Form[] {
  const def = defOf(schema);
  const options = def.type === 'union' ? def.options : [schema];
  return options.map((option) => ({ schema: option, word: wordOf(option) }));
}

/**
 * The form of a union that its writer had in mind: of the value's kind, and of maps the one that knows most of the keys.
 * @returns null when the schema is no union, when no form is of the value's kind, and when the choice would be a guess
 */
export function meantForm(schema: Schema | null, found: unknown): z.ZodType | null {
  const def = schema === null ? null : defOf(schema);
  if (def?.type !== 'union') return null;
  const [best, second] = def.options.filter((option) => fits(option, found)).sort((a, b) => score(b, found) - score(a, found));
  if (best === undefined || (second !== undefined && isMap(found) && score(best, found) === 0)) return null;
  return meantForm(best, found) ?? (best as z.ZodType);
}

function score(form: Schema, found: unknown): number {
  const def = defOf(form);
  if (def.type !== 'object' || !isMap(found)) return 0;
  const known = Object.entries(def.shape).filter(([key]) => Object.hasOwn(found, key));
  // A word that names the form (`from: vcs`) counts more than a key.
  return known.reduce((sum, [key, field]) => sum + (isLiteral(field, found[key]) ? 2 : 1), 0);
}

/** The one value that is possible, or all that are; none when the schema is no choice. */
export function choicesOf(schema: Schema | null): string[] {
  const def = schema === null ? null : defOf(schema);
  if (def?.type === 'literal') return def.values.map(String);
  return def?.type === 'enum' ? Object.values(def.entries).map(String) : [];
}

function inner(schema: Schema, part: string | number, found: unknown): Schema | null {
  const def = defOf(meantForm(schema, found) ?? schema);
  if (def.type === 'object') return Object.hasOwn(def.shape, part) ? (def.shape[part] ?? null) : null;
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : null;
}

function defOf(schema: Schema): Def {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return defOf(def.innerType);
    case 'pipe':
      // A preprocessing step says nothing of what it takes.
      return defOf(defOf(def.in).type === 'transform' ? def.out : def.in);
    case 'lazy':
      return defOf(def.getter());
    default:
      return def;
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOptional = (schema: Schema): boolean =>
  ['optional', 'default', 'prefault', 'catch'].includes((schema as z.core.$ZodTypes)._zod.def.type);

function isLiteral(schema: Schema, value: unknown): boolean {
  const def = defOf(schema);
  return def.type === 'literal' && def.values.some((one) => one === value);
}

function fits(schema: Schema, value: unknown): boolean {
  const def = defOf(schema);
  if (def.type === 'object' || def.type === 'record') return isMap(value);
  if (def.type === 'array') return Array.isArray(value);
  if (def.type === 'union') return def.options.some((option) => fits(option, value));
  return (def.type === 'enum' ? 'string' : def.type) === typeof value;
}

function wordOf(schema: Schema): string {
  const def = defOf(schema);
  if (def.type === 'object') {
    const required = Object.entries(def.shape).filter(([, field]) => !isOptional(field));
    if (required.length > 0) return `{ ${required.map(([key]) => `${key}: …`).join(', ')} }`;
  }
  if (def.type === 'array') {
    const element = wordOf(def.element);
    return element === 'text' ? 'a list of texts' : 'a list';
  }
  const choices = choicesOf(schema);
  return choices.length > 0 ? choices.join(' or ') : typeWord(def.type);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  null: 'nothing',
};

/** A type's name in zod or JavaScript, as a person says it. */
export const typeWord = (type: string): string => TYPE_WORDS[type] ?? type;

/** What a value is, without showing it. */
export const kindWord = (value: unknown): string => typeWord(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
