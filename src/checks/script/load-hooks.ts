// How modules are found and read in a script's process: TypeScript without its types, always as ES modules, and 'runtask-action/check'
// without an installation. What may be read at all is Node's permission model's to say.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isErrorLike } from '../../base/fault.ts';
import * as api from './api.ts';

const SPECIFIER = 'runtask-action/check';
const API_URL = 'runtask:check';
const API_KEY = Symbol.for('runtask-action/check');

/** Read by us, as ES modules. What else there is (`.cjs`, `.json`) Node reads by its own rules. */
const SCRIPTS: Readonly<Record<string, (text: string, url: string) => string>> = {
  '.js': (text) => text,
  '.mjs': (text) => text,
  '.ts': withoutTypes,
  '.mts': withoutTypes,
};

/**
 * @param root  folder with the copy of the repository's part
 * @returns gives a syntax error in JavaScript its line: Node keeps that to itself until it prints the error
 */
export function hookModules(root: string): (error: unknown) => unknown {
  const loaded = new Map<string, string>();
  // A module of its own, whatever this file was bundled into; it has no file, so it reaches us over the global object.
  Object.defineProperty(globalThis, API_KEY, { value: api });
  const names = Object.keys(api).join(', ');
  const source = `export const { ${names} } = globalThis[Symbol.for(${JSON.stringify(SPECIFIER)})];`;
  const rootUrl = `${pathToFileURL(root).href}/`;

  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === SPECIFIER) return { url: API_URL, format: 'module', shortCircuit: true };
      return nextResolve(specifier, context);
    },
    load(url, context, nextLoad) {
      if (url === API_URL) return { format: 'module', source, shortCircuit: true };
      const read = SCRIPTS[extname(new URL(url).pathname)];
      // By Node's rule a .js or .ts is what the nearest package.json says, and `npm init` writes "commonjs" there.
      if (read === undefined || !url.startsWith(rootUrl) || url.includes('/node_modules/')) return nextLoad(url, context);
      const text = readFileSync(fileURLToPath(url), 'utf8');
      loaded.set(url, text);
      return { format: 'module', source: read(text, url), shortCircuit: true };
    },
  });

  return (error) => {
    if (!isErrorLike(error) || error.name !== 'SyntaxError' || error.stack?.includes(rootUrl) === true) return error;
    return findSyntaxError(loaded) ?? error;
  };
}

/** Whatever is JavaScript is TypeScript, and its parser tells where it stopped. */
function findSyntaxError(texts: ReadonlyMap<string, string>): unknown {
  for (const [url, text] of texts) {
    try {
      stripTypeScriptTypes(text, { mode: 'strip', sourceUrl: url });
    } catch (error) {
      if (isErrorLike(error) && 'code' in error && error.code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return error;
    }
  }
  return null;
}

/** Types become spaces, so that lines and columns stay. Enums and parameter properties are code: those files are rewritten. */
function withoutTypes(text: string, url: string): string {
  try {
    return stripTypeScriptTypes(text, { mode: 'strip', sourceUrl: url });
  } catch (error) {
    if (!isErrorLike(error) || !('code' in error) || error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    process.setSourceMapsEnabled(true);
    return stripTypeScriptTypes(text, { mode: 'transform', sourceMap: true, sourceUrl: url });
  }
}
