// Paths into plain data: how they are written, what stands at them. Pure.

export type DocumentPath = readonly (string | number)[];

/** `checks[2].cel.assert` */
export const formatPath = (path: DocumentPath): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');

/** What a person calls the thing at a path: `owners`, `hmac_keys[1]`. */
export function nameOf(path: DocumentPath): string {
  const key = path.findLastIndex((part) => typeof part === 'string');
  return path.length === 0 ? 'the file' : formatPath(path.slice(Math.max(key, 0)));
}

/** Own keys only: `constructor` and `__proto__` are absent unless they are written. */
export function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part)) return undefined;
    return (inner as Record<string | number, unknown>)[part];
  }, value);
}

/** Keys of a map, indexes of a list as text; none where neither stands. */
export function keysAt(value: unknown, path: DocumentPath): string[] {
  const found = valueAt(value, path);
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}
