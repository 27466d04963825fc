// Where something stands in a YAML document: line and column of a key, a value, or a character inside a text. Pure.
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Scalar } from 'yaml';
import type { DocumentPath } from './path.ts';

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Places {
  ofKey(path: DocumentPath): Place | null;
  /** Of the nearest thing around it that exists, when the value itself is missing. */
  ofValue(path: DocumentPath): Place | null;
  /** @param offset  0-based, in the text as parsed */
  inText(path: DocumentPath, offset: number): Place | null;
}

export function createPlaces(document: Document.Parsed, lines: LineCounter, source: string): Places {
  const toPlace = (offset: number | undefined): Place | null => {
    if (offset === undefined) return null;
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const start = (node: Node | null): Place | null => toPlace(node?.range?.[0]);

  /** As far as the path exists; the key belongs to the last step. */
  function walk(path: DocumentPath): { value: Node | null; key: Node | null; whole: boolean } {
    let value: Node | null = document.contents;
    let key: Node | null = null;
    for (const part of path) {
      const container = resolve(value, document);
      const pair = isMap(container)
        ? container.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
        : undefined;
      const next = pair === undefined ? (isSeq(container) && typeof part === 'number' ? container.items[part] : undefined) : pair.value;
      if (next === undefined) return { value, key, whole: false };
      key = pair === undefined ? null : (pair.key as Node);
      value = next as Node | null;
    }
    return { value, key, whole: true };
  }

  return {
    ofKey(path) {
      const { key, value } = walk(path);
      return start(key) ?? start(value);
    },
    ofValue(path) {
      const { key, value, whole } = walk(path);
      // What is missing is missing in the thing around it: shown at that thing's key if it has one.
      return whole ? (start(value) ?? start(key)) : (start(key) ?? start(value));
    },
    inText(path, offset) {
      const { value } = walk(path);
      const scalar = resolve(value, document);
      if (!isScalar(scalar) || typeof scalar.value !== 'string') return start(value);
      return toPlace(offsetInSource(scalar as Scalar<string>, offset, source)) ?? start(value);
    },
  };
}

const resolve = (node: Node | null, document: Document.Parsed): Node | null => (isAlias(node) ? (node.resolve(document) ?? null) : node);

/** Folded and escaped texts differ from their source; then the line of the text's beginning must do. */
function offsetInSource(scalar: Scalar<string>, offset: number, source: string): number | undefined {
  const [from, to] = scalar.range ?? [];
  if (from === undefined || to === undefined) return undefined;
  const raw = source.slice(from, to);
  const { value } = scalar;
  const head = value.slice(0, offset);
  const line = value.split('\n')[head.split('\n').length - 1] ?? '';
  const inLine = offset - (head.lastIndexOf('\n') + 1);
  if (!value.includes('\n') || scalar.type === 'BLOCK_LITERAL') {
    // The same line may stand there twice; the one that comes after as many line breaks is meant.
    const skip = scalar.type === 'BLOCK_LITERAL' ? nthLineStart(raw, head.split('\n').length) : 0;
    const at = raw.indexOf(line, skip);
    if (at >= 0) return from + at + inLine;
  }
  return from;
}

/** Where line `n` (0-based) of a text begins. */
function nthLineStart(text: string, n: number): number {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf('\n', at) + 1 || text.length;
  return at;
}
