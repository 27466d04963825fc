// A YAML text into plain data that knows where each of its parts stands; or everything that is wrong with the YAML, each with its
// line and what to do. What the data should look like is told in shape.ts. Pure.
import { LineCounter, parseDocument } from 'yaml';
import type { Diagnostic } from '../base/diagnostics.ts';
import { isErrorLike } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import { findAliasProblems } from './aliases.ts';
import { formatPath, type DocumentPath } from './path.ts';
import { createPlaces, type Place } from './places.ts';
import { toWords, type Words } from './yaml-words.ts';

export interface YamlSource {
  /** Its name in the diagnostics: `.runtask/checks.yml`. */
  readonly file: string;
  /** As a sentence begins: `The checks file`. */
  readonly called: string;
  /** May a diagnostic repeat what stands in the file? False where a secret may have been written by mistake. */
  readonly mayQuote: boolean | QuoteRules;
}

/** For a file of names, in which a secret may have been written by mistake nevertheless. */
export interface QuoteRules {
  /** A key, where it is part of the path of something else. */
  key(text: string): boolean;
  value(found: unknown, path: DocumentPath): boolean;
}

export interface YamlDocument {
  /** Plain data without circles; null when the file is empty. */
  readonly value: unknown;
  /** Of the keys that nobody knows, only those that read like words are repeated unless this is true. */
  readonly mayQuote: boolean;
  mayQuoteValue(found: unknown, path: DocumentPath): boolean;
  /** The path without keys that may not be repeated. */
  shown(path: DocumentPath): DocumentPath;
  /** An error at a path, with its place. What is missing is shown at the key of the thing that lacks it. */
  tell(path: DocumentPath, summary: string, detail: string, at?: At): Diagnostic;
}

/** The key of a path (for one that should not be there), its value, or a character (0-based) inside a text. */
export type At = 'key' | 'value' | { readonly offset: number };
export type Tell = YamlDocument['tell'];

// Written by hand; a megabyte of YAML is an attack or a mistake.
const MAX_LENGTH = 1024 * 1024;
// Uses of one anchor, times the uses inside of it. Enough for shared parts; a "billion laughs" file needs many more.
const MAX_ALIAS_COUNT = 100;
const BEGINNING: Place = { line: 1, column: 1 };

export function readYaml(text: string, source: YamlSource): Result<YamlDocument, Diagnostic[]> {
  const { file, called } = source;
  const mayQuote = source.mayQuote === true;
  const rules = typeof source.mayQuote === 'object' ? source.mayQuote : { key: () => true, value: () => mayQuote };
  const error = (words: Words, path: string, place: Place | null): Diagnostic => {
    return { severity: 'error', summary: words.summary, detail: words.detail, path, file, ...(place ?? BEGINNING) };
  };
  if (text.length > MAX_LENGTH) {
    const detail = `It has ${text.length} characters, ${MAX_LENGTH} are read`;
    return err([error({ summary: `${called} is too large`, detail }, '', null)]);
  }

  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    // `1` and `"1"` would be two keys to the parser and one in the data. And a key that is a list would be printed in a warning of the
    // process, whatever stands in it.
    stringKeys: true,
    lineCounter: lines,
    // It would quote the lines of the file.
    prettyErrors: false,
    // Not `silent`: then the parser says nothing of a second document either.
    logLevel: 'error',
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const problems = [...document.errors, ...document.warnings];
  // A parser that ran out of stack tells it for each level on its way back.
  const tooDeep = problems.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (problems.length > 0)
    return err((tooDeep === undefined ? problems : [tooDeep]).map((one) => error(toWords(one, mayQuote), '', at(one.pos[0]))));
  const aliases = findAliasProblems(document, mayQuote);
  if (aliases.length > 0) return err(aliases.map((one) => error(one, '', at(one.offset))));

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (thrown) {
    // The parser's words for aliases that would fill the memory; anything else is a defect.
    if (!isErrorLike(thrown) || thrown.name !== 'ReferenceError') throw thrown;
    const detail = 'Its aliases multiply. Write the parts out instead of referring to them with `*`';
    return err([error({ summary: `${called} cannot be expanded`, detail }, '', null)]);
  }

  const places = createPlaces(document, lines, text);
  const placeOf = (path: DocumentPath, where: At): Place | null =>
    where === 'key' ? places.ofKey(path) : where === 'value' ? places.ofValue(path) : places.inText(path, where.offset);
  const shown = (path: DocumentPath): DocumentPath => path.map((part) => (typeof part === 'number' || rules.key(part) ? part : '…'));
  return ok({
    value,
    mayQuote,
    mayQuoteValue: rules.value,
    shown,
    tell: (path, summary, detail, where = 'value') => error({ summary, detail }, formatPath(shown(path)), placeOf(path, where)),
  });
}

/** As the file is read: by line, then by column. */
export const inOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
