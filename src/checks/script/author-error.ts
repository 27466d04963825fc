// What an author is told of an error in a script: its message, and the line of the author's own that it came from. Pure.
import { pathToFileURL } from 'node:url';
import { isErrorLike } from '../../base/fault.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  ERR_MODULE_NOT_FOUND: 'Imports name files with their endings, and only the top folder that the script is in can be read, without `.bin`',
  ERR_ACCESS_DENIED: 'A check can read the top folder that it is in: no other files, no programs, no threads',
  ERR_INVALID_TYPESCRIPT_SYNTAX: 'Does it compile with tsc?',
};

/**
 * @param root  folder of the private copy; paths are told relative to it, as they are in the repository
 * @param file  what is named where the error knows no line of the repository's own
 */
export function describeAuthorError(thrown: unknown, { root, file }: { readonly root: string; readonly file: string }): string {
  if (!isErrorLike(thrown)) return `${file}: It threw ${typeof thrown === 'object' ? 'an object' : String(thrown)}, which is no Error`;
  const url = pathToFileURL(root).href;
  const own = (text: string): string => text.replaceAll(`${url}/`, '').replaceAll(`${root}/`, '');
  const place = placeOf(typeof thrown.stack === 'string' ? thrown.stack : '', [url, root]) ?? file;
  // `fetch failed` says nothing, its cause does.
  const messages = isErrorLike(thrown.cause) ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
  const message = own(messages).replace(/\s+/g, ' ').trim() || '(no message)';
  const remedy = 'code' in thrown && typeof thrown.code === 'string' ? REMEDIES[thrown.code] : undefined;
  return `${place}: ${thrown.name}: ${message}${remedy === undefined ? '' : `. ${remedy}`}`;
}

/** The innermost line of the repository's own in a stack, `.runtask/cost.ts:12:7`; a syntax error has it in front, without a column. */
function placeOf(stack: string, roots: readonly string[]): string | null {
  for (const line of stack.split('\n')) {
    for (const root of roots) {
      const start = line.indexOf(`${root}/`);
      const [, path, where] = /^(.+?)(:\d+(?::\d+)?)\)?$/.exec(start < 0 ? '' : line.slice(start + root.length + 1)) ?? [];
      if (path !== undefined && !path.includes('node_modules/')) return `${path}${where ?? ''}`;
    }
  }
  return null;
}
