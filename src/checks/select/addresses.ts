// Addresses of resources taken apart: types, modules, with and without instance keys. An address is hostile text: whoever opens a pull
// request chooses the keys of `for_each`. Pure.
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { ResourceChange } from '../../plan/model.ts';

/** Where an object is, and, if a `moved` block renamed it and that counts, where it was. */
export type Names = readonly string[];

/** Both of a moved object: for rules where renaming must open no way round. */
export const allNames = ({ address, previousAddress }: ResourceChange): Names =>
  previousAddress === null ? [address] : [address, previousAddress];

/** The type now, and the type of the old address when a `moved` block changed it. */
export function hasType(globs: readonly string[], change: ResourceChange): boolean {
  if (matchesAnyGlob(globs, change.type)) return true;
  if (change.previousAddress === null) return false;
  const old = withoutKeys(change.previousAddress).split('.').at(-2);
  return old !== undefined && matchesAnyGlob(globs, old);
}

/** A glob without an instance key covers all instances, of the modules around it too. */
export const hasAddress = (globs: readonly string[], names: Names): boolean =>
  names.some((name) => [name, withoutKeys(name), withoutLastKey(name)].some((form) => matchesAnyGlob(globs, form)));

/** A module covers what is nested in it. The root module is the empty text: only `*` means it. */
export function hasModule(globs: readonly string[], names: Names, module = ''): boolean {
  if (matchesAnyGlob(globs, '')) return true;
  return [...names.map(modulePath), segments(module)].some((path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const whole = path.slice(0, depth);
      if (matchesAnyGlob(globs, whole.join('.')) || matchesAnyGlob(globs, whole.map(withoutKeys).join('.'))) return true;
    }
    return false;
  });
}

/** `module.a["x.y"].module.b.aws_x.y` → [`module.a["x.y"]`, `module.b`] */
function modulePath(address: string): string[] {
  const parts = segments(address);
  const end = parts.findIndex((part) => !part.startsWith('module.'));
  return end < 0 ? parts : parts.slice(0, end);
}

/** Splits an address at its dots, but not inside instance keys; `module.NAME` stays together. */
function segments(address: string): string[] {
  const words: string[] = [];
  let word = '';
  for (const [token] of address.matchAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\.|[^.[]+|\[/g)) {
    if (token === '.' && word !== 'module') {
      words.push(word);
      word = '';
    } else word += token;
  }
  return word === '' ? words : [...words, word];
}

const KEY = /\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g;
const LAST_KEY = /(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])$/;

export const withoutKeys = (address: string): string => (address.includes('[') ? address.replace(KEY, '') : address);
const withoutLastKey = (address: string): string => (address.endsWith(']') ? address.replace(LAST_KEY, '') : address);
