// A YAML document in a string, as data that loses nothing but comments, which are handed out beside it. Whatever else data could not tell
// (tags, anchors, two documents, keys that are no texts) makes it a text. No I/O.
import { isMap, isScalar, isSeq, Lexer, parseAllDocuments, type Node } from 'yaml';
import { isErrorLike } from '../../base/fault.ts';
import { SpelledNumber, type DocumentValue } from './side.ts';

export interface YamlDocument {
  readonly value: DocumentValue;
  /** All comments, in order. `#cloud-config` is one. */
  readonly comments: string;
}

/** The parser reads about a megabyte in a second; beyond this a document is compared as text. */
const MAX_LENGTH = 64_000;
const MAX_DEPTH = 60;
/** What the lexer of the library puts before the text of a scalar, which can begin with a hash. */
const SCALAR = '\u001f';

/** @returns null: no map or list in YAML that is clearly meant as one: it has several lines, with `key:` or `- ` in most of them */
export function readYamlDocument(text: string): YamlDocument | null {
  if (text.length > MAX_LENGTH || text.startsWith('#!') || !text.trim().includes('\n') || mayBeDeep(text) || !looksLikeYaml(text))
    return null;
  try {
    const documents = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    const [document] = documents;
    if (!Array.isArray(documents) || documents.length !== 1 || document === undefined) return null;
    if (document.errors.length > 0 || document.warnings.length > 0 || !(isMap(document.contents) || isSeq(document.contents))) return null;
    const value = toData(document.contents, 0);
    return value === undefined ? null : { value, comments: commentsOf(text) };
  } catch (thrown) {
    // The parser calls itself for each level, and there are ways to write levels that the check above does not know.
    if (isErrorLike(thrown) && thrown.name === 'RangeError') return null;
    throw thrown;
  }
}

/** Prose and scripts parse as YAML too, as one long scalar or a map by accident. */
function looksLikeYaml(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const structured = lines.filter((line) => /^\s*(?:- |-$|(?:- )*[\w."'/-]+\s*:(?:\s|$))/.test(line)).length;
  return lines.length > 1 && structured * 2 >= lines.length;
}

/** Each level of a block begins further in, or behind one more dash; each level of a flow has its bracket. Errs towards deep. */
function mayBeDeep(text: string): boolean {
  let [brackets, indent, isAtStart] = [0, 0, true];
  for (const character of text) {
    if (character === '[' || character === '{') brackets += 1;
    else if (character === ']' || character === '}') brackets -= 1;
    if (character === '\n') [indent, isAtStart] = [0, true];
    else if (isAtStart && (character === ' ' || character === '-' || character === '?')) indent += 1;
    else isAtStart = false;
    if (brackets > MAX_DEPTH || indent > 2 * MAX_DEPTH) return true;
  }
  return false;
}

/** undefined: not to be told as data. */
function toData(node: Node | null, depth: number): DocumentValue | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (node === null) return null;
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) return undefined;
  if ('anchor' in node && node.anchor !== undefined) return undefined;
  if (isScalar(node)) {
    const { value } = node;
    if (typeof value === 'number' && node.source !== undefined && node.source !== String(value)) return new SpelledNumber(node.source);
    return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toData(item as Node | null, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isMap(node)) return undefined;
  const entries = new Map<string, DocumentValue>();
  for (const { key, value } of node.items) {
    if (!isScalar(key) || typeof key.value !== 'string' || key.anchor !== undefined || entries.has(key.value)) return undefined;
    const inner = toData(value as Node | null, depth + 1);
    if (inner === undefined) return undefined;
    entries.set(key.value, inner);
  }
  return Object.fromEntries(entries);
}

function commentsOf(text: string): string {
  const comments: string[] = [];
  let previous = '';
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('#') && previous !== SCALAR) comments.push(token.trimEnd());
    previous = token;
  }
  return comments.join('\n');
}
