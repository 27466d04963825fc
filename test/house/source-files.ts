// The files that the house rules look at, and the imports in one of them. Reads the disk; judges nothing.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Paths relative to the project, with `/`, sorted. */
export function listFiles(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}

export const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

export interface ImportedFile {
  readonly specifier: string;
  /** `import type` or `export type`: gone when the code runs. */
  readonly typeOnly: boolean;
}

const STATEMENT = /^[ \t]*(?:import|export)\b([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
// A worker's file is named by URL; it is code that runs with us all the same.
const CALL = /(?:\bimport\s*\(|\bnew URL\()\s*['"](\.[^'"]+\.[cm]?[jt]s|[a-z@][^'":]*)['"]/g;

/** Every import of a TypeScript file, static, dynamic and by `new URL(…, import.meta.url)`. */
export function importsOf(text: string): ImportedFile[] {
  const found: ImportedFile[] = [];
  for (const [, clause = '', specifier = ''] of text.matchAll(STATEMENT)) found.push({ specifier, typeOnly: /^\s*type\b/.test(clause) });
  for (const [, specifier = ''] of text.matchAll(BARE)) found.push({ specifier, typeOnly: false });
  for (const [, specifier = ''] of withoutComments(text).matchAll(CALL)) found.push({ specifier, typeOnly: false });
  return found;
}

/** Good enough for rules about words: whole-line and block comments go, a comment behind code stays. */
export const withoutComments = (text: string): string => text.replaceAll(/^\s*\/\/.*$/gm, '').replaceAll(/\/\*[\s\S]*?\*\//g, '');
