// A YAML document in a string, as data that loses nothing but comments, which are handed out beside it. Whatever else data could not tell
// (tags, anchors, two documents, keys that are no texts) makes it a text. No I/O.
import { isMap, isScalar, isSeq, Lexer, parseAllDocuments, type Node, type Scalar } from 'yaml';
import { isErrorLike } from '../../base/fault.ts';
import { Spelled, type DocumentValue } from './side.ts';

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

/**
 * Plain words that YAML 1.1 takes for something other than a text, and 1.2 does not: Kubernetes, Helm and cloud-init read 1.1. In quotes
 * they are texts to both, so quotes are more than formatting here. ("YAML Version 1.1", type repository: bool, int, float, timestamp.)
 */
const TWO_MEANINGS =
  /^(?:y|n|yes|no|on|off|=|<<|[-+]?0b[01_]+|[-+]?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?.*)$/i;

/**
 * @returns null: no map or list in YAML that is clearly meant as one: with `key:` or `- ` in most of its lines, and more in it than one
 *   level, below which a text reads as well
 */
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
    return value === undefined || !isNested(value) ? null : { value, comments: commentsOf(text) };
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
    if (typeof value === 'number' && node.source !== undefined && node.source !== String(value)) return new Spelled(node.source);
    if (typeof value === 'string' && hasTwoMeanings(node)) return new Spelled(value);
    return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toData(item as Node | null, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isMap(node)) return undefined;
  const entries = new Map<string, DocumentValue>();
  for (const { key, value } of node.items) {
    if (!isScalar(key) || typeof key.value !== 'string' || hasTwoMeanings(key) || key.anchor !== undefined || entries.has(key.value))
      return undefined;
    const inner = toData(value as Node | null, depth + 1);
    if (inner === undefined) return undefined;
    entries.set(key.value, inner);
  }
  return Object.fromEntries(entries);
}

const hasTwoMeanings = ({ type, value }: Scalar): boolean => type === 'PLAIN' && typeof value === 'string' && TWO_MEANINGS.test(value);

const isNested = (value: DocumentValue): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).some((inner: unknown) => isContainer(inner));

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Spelled);

function commentsOf(text: string): string {
  const comments: string[] = [];
  let previous = '';
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('#') && previous !== SCALAR) comments.push(token.trimEnd());
    previous = token;
  }
  return comments.join('\n');
}
