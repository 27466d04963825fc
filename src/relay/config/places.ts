// Where in relay.yml something stands: from a path of keys to line and column. Pure.
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';

export type Path = readonly (string | number)[];
/** A diagnostic with its place filled in. `at: 'key'` points at the key itself, for keys that should not be there. */
export type Tell = (path: Path, summary: string, detail: string, at?: 'key' | 'value') => Diagnostic;

export interface Parsed {
  /** Plain data; undefined when the text is not YAML. */
  readonly value: unknown;
  readonly tell: Tell;
  /** What is wrong with the YAML itself. */
  readonly diagnostics: readonly Diagnostic[];
}

export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  // prettyErrors would quote the lines of the file.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const diagnostics = document.errors.map((error): Diagnostic => ({
    severity: 'error',
    summary: 'Not valid YAML',
    detail: error.message,
    path: '',
    file,
    ...place(error.pos[0]),
  }));
  const tell: Tell = (path, summary, detail, at = 'value') => ({
    severity: 'error',
    summary,
    detail,
    path: formatPath(path),
    file,
    ...place(offsetOf(document, path, at)),
  });
  if (diagnostics.length > 0) return { value: undefined, tell, diagnostics };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, tell, diagnostics };
  } catch (thrown) {
    // Aliases that name nothing, or so many that they would fill the memory.
    return { value: undefined, tell, diagnostics: [tell([], 'Not valid YAML', describeThrown(thrown))] };
  }
}

/** Of the deepest part of the path that exists: for something that is missing, that is where it belongs. */
function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  path.forEach((segment, depth) => {
    const parent = isAlias(node) ? node.resolve(document) : node;
    node = undefined;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (pair === undefined) return;
      node = pair.value;
      const wantsKey = at === 'key' && depth === path.length - 1;
      const target: unknown = wantsKey || !isNode(pair.value) ? pair.key : pair.value;
      if (isNode(target)) offset = target.range?.[0] ?? offset;
    } else if (isSeq(parent)) {
      node = parent.items[Number(segment)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  });
  return offset;
}

/** `tasks.gate.routes[1].owners` */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part)) return undefined;
    return (inner as Record<string | number, unknown>)[part];
  }, value);
}
