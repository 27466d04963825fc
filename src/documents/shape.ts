// Plain data against a zod schema; what does not fit, in sentences: what was found, what may stand there, what was probably meant.
// A room adds what only it knows: remedies, and words of its own. Pure.
import type * as z from 'zod';
import type { Diagnostic } from '../base/diagnostics.ts';
import { err, ok, type Result } from '../base/result.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { formatPath, nameOf, valueAt, type DocumentPath } from './path.ts';
import type { YamlDocument } from './read-yaml.ts';
import { quoting, quotingNothing, toProblem } from './problem.ts';
import { choicesOf, formsOf, keysOf, meantForm, schemaAt } from './schema-walk.ts';
import type { Words } from './yaml-words.ts';

export interface RoomWords {
  /** What to write at a path, as a sentence; '' for nothing to add. @param found  undefined: it is missing */
  readonly remedyOf?: (path: DocumentPath, found: unknown) => string;
  /** In place of ours, for a value that does not fit; null: ours. */
  readonly ownWords?: (issue: Issue, path: DocumentPath, found: unknown) => Words | null;
}

export type Issue = z.core.$ZodIssue;

/** An empty file is read as an empty map: then everything that is missing is told. */
export function readShape<T extends z.ZodType>(document: YamlDocument, schema: T, room: RoomWords = {}): Result<z.output<T>, Diagnostic[]> {
  const value = document.value ?? {};
  const parsed = schema.safeParse(value, { error: NO_WORDS });
  if (parsed.success) return ok(parsed.data);
  const context = { document, schema, room, value, retold: new Set<string>() };
  return err(parsed.error.issues.flatMap((issue) => describe(issue, null, context)));
}

/** Zod's own sentences are left out, so that what has one is a sentence of the schema's author. */
const NO_WORDS = (): string => '';

interface Context {
  readonly document: YamlDocument;
  readonly schema: z.ZodType;
  readonly room: RoomWords;
  readonly value: unknown;
  /** Paths of the unions that are told by the form that was meant. */
  readonly retold: Set<string>;
}

/** @param union  path of the union whose form the issue is about; null: the issue is about the document */
function describe(issue: Issue, union: DocumentPath | null, context: Context): Diagnostic[] {
  const { document, schema, room, value } = context;
  const path = [...(union ?? []), ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const retold = retell(path, union, context);
  if (retold !== null) return retold;
  const found = valueAt(value, path);
  const expected = schemaAt(schema, path, value);
  const own = room.ownWords?.(issue, path, found) ?? null;
  if (own !== null && found !== undefined) return [document.tell(path, own.summary, own.detail)];
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(expected, found);
    return issue.keys.map((key) => unknownKey(key, path, known, document));
  }
  if (issue.code === 'invalid_key') {
    const rule = issue.issues.map(({ message }) => message).filter((text) => text !== '');
    return [tellKey(path, 'Bad name', rule.join('; '), document, false)];
  }
  const remedy = room.remedyOf?.(path, found) ?? '';
  if (found === undefined && issue.code !== 'custom') {
    const key = String(document.shown(path).at(-1) ?? '');
    return [document.tell(path, `"${key}" is missing`, remedy === '' ? toWrite(key, choicesOf(expected)) : remedy)];
  }
  const forms = expected === null ? [] : [...new Set(formsOf(expected).map(({ word }) => word))];
  const problem = toProblem(issue, found, forms);
  const words = document.mayQuoteValue(found, path)
    ? quoting(problem, found)
    : quotingNothing(problem, found, nameOf(document.shown(path)));
  return [document.tell(path, words.summary, [words.detail, remedy].filter(Boolean).join('. '))];
}

/**
 * Zod says of a union that nothing fits, or complains for the form that failed last, which need not be the one that was meant. So a
 * union is judged again, once, by the form that was meant.
 * @returns null when no further union is on the way to the path, or when none of its forms was meant
 */
function retell(path: DocumentPath, within: DocumentPath | null, context: Context): Diagnostic[] | null {
  const { schema, value } = context;
  for (let length = within === null ? 0 : within.length + 1; length <= path.length; length++) {
    const at = path.slice(0, length);
    const found = valueAt(value, at);
    const form = meantForm(schemaAt(schema, at, value), found);
    const parsed = form?.safeParse(found, { error: NO_WORDS });
    // Where the form fits, something beside the union is wrong.
    if (parsed === undefined || parsed.success) continue;
    const name = JSON.stringify(at);
    if (context.retold.has(name)) return [];
    context.retold.add(name);
    return parsed.error.issues.flatMap((one) => describe(one, at, context));
  }
  return null;
}

const toWrite = (key: string, choices: readonly string[]): string =>
  choices.length === 0
    ? `Add \`${key}: …\``
    : choices.length === 1
      ? `Write \`${key}: ${choices[0]}\``
      : `Write \`${key}\` with one of: ${choices.join(', ')}`;

function unknownKey(key: string, path: DocumentPath, known: readonly string[], document: YamlDocument): Diagnostic {
  const near = didYouMean(key, known);
  const detail = [near === null ? '' : `Did you mean "${near}"?`, known.length === 0 ? '' : `Known here: ${known.join(', ')}`];
  return tellKey([...path, key], 'Unknown key', detail.filter(Boolean).join(' '), document, near !== null);
}

/** A secret that stands in the place of a key is not repeated: what looks like no word is told by its place alone. */
function tellKey(path: DocumentPath, summary: string, detail: string, document: YamlDocument, isNearKnown: boolean): Diagnostic {
  const key = String(path.at(-1) ?? '');
  if (document.mayQuote || isNearKnown || looksLikeWords(key)) return document.tell(path, `${summary} "${key}"`, detail, 'key');
  return { ...document.tell(path, summary, detail, 'key'), path: formatPath(path.slice(0, -1)) };
}

// Letters only: a key or token of any use has a digit, or is longer.
const looksLikeWords = (text: string): boolean => text.length <= 32 && /^[a-z]+([ _-][a-z]+)*$/i.test(text) && !looksLikeSecret(text);
