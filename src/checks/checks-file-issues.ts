// From zod's issues to sentences about a checks file: what was found, what may stand there, what was probably meant. Pure.
import * as z from 'zod';
import { checksFileSchema, KIND_NAMES } from '../contracts/checks-file.ts';
import type { DocumentPath } from './checks-file-places.ts';
import { didYouMean } from './did-you-mean.ts';

export interface DiagnosticText {
  readonly path: DocumentPath;
  /** The place is the key, not its value. */
  readonly key: boolean;
  readonly summary: string;
  readonly detail: string;
}

type Issue = z.core.$ZodIssue;

export function toDiagnosticTexts(issue: Issue, document: unknown): DiagnosticText[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  const found = valueAt(document, path);
  if (found === undefined && issue.code !== 'custom') return [missing(path)];
  return [{ path, key: false, ...describe(issue, found) }];
}

function unknownKey(path: DocumentPath, key: string): DiagnosticText {
  const known = keysAt(path);
  const meant = didYouMean(key, known);
  const place = { path: [...path, key], key: true, summary: `Unknown key "${key}"` };
  const choice = known.length === 0 ? '' : `Known here: ${known.join(', ')}`;
  return { ...place, detail: [meant === null ? null : `Did you mean "${meant}"?`, choice].filter(Boolean).join(' ') };
}

function missing(path: DocumentPath): DiagnosticText {
  const key = String(path.at(-1) ?? '');
  const detail =
    path.length === 1 && key === 'version' ? 'Write `version: 1`' : path.length === 1 ? 'Write a list of checks' : `Add \`${key}: …\``;
  return { path, key: false, summary: `"${key}" is missing`, detail };
}

function describe(issue: Issue, found: unknown): Pick<DiagnosticText, 'summary' | 'detail'> {
  const text = `Found: ${show(found)}`;
  switch (issue.code) {
    case 'invalid_value': {
      const words = issue.values.map(String);
      const meant = typeof found === 'string' ? didYouMean(found, words) : null;
      const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
      return {
        summary: `Not one of the possible values`,
        detail: `Use ${words.length === 1 ? words[0] : `one of: ${words.join(', ')}`}. ${text}.${hint}`,
      };
    }
    case 'invalid_type':
      return {
        summary: `Must be ${typeWord(issue.expected)}`,
        detail: `${text}.${issue.expected === 'array' && typeof found === 'string' ? ` Write [${found}]` : ''}`,
      };
    case 'invalid_union':
      return { summary: 'Must be text or a list of texts', detail: text };
    case 'too_small':
      return {
        summary: issue.origin === 'array' ? 'The list is empty' : 'Too short',
        detail: issue.origin === 'array' ? 'Name at least one' : text,
      };
    case 'too_big':
      return { summary: `Too long: at most ${issue.maximum} characters`, detail: '' };
    case 'custom':
      return splitSentence(issue.message);
    default:
      return { summary: issue.message, detail: text };
  }
}

/** Our own messages are written as "what is wrong. What to do". */
function splitSentence(message: string): { summary: string; detail: string } {
  const end = message.indexOf('. ');
  return end < 0 ? { summary: message, detail: '' } : { summary: message.slice(0, end), detail: message.slice(end + 2) };
}

const typeWord = (expected: string): string =>
  ({ object: 'a map of keys and values', array: 'a list', string: 'text', boolean: 'true or false', number: 'a number' })[expected] ??
  expected;

/** Short: a checks file holds no secrets, but a pasted page would fill the log. */
function show(value: unknown): string {
  const text = value === null ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}

/** The keys that the schema knows at a path; kinds first where a check stands. */
function keysAt(path: DocumentPath): string[] {
  let schema: unknown = checksFileSchema;
  for (const part of path) {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodArray && typeof part === 'number') schema = inner.element;
    else if (inner instanceof z.ZodObject) schema = (inner.shape as Record<string, unknown>)[part];
    else return [];
  }
  const inner = unwrap(schema);
  const keys = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  return [
    ...keys.filter((key) => KIND_NAMES.some((kind) => kind === key)),
    ...keys.filter((key) => !KIND_NAMES.some((kind) => kind === key)),
  ];
}

const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? unwrap(schema.unwrap()) : schema;
