// What checks can say beyond CEL's own functions and operators: one table, which docs/checks/cel.md describes line by line. Pure.
//
// Whatever has no answer throws; a wrong guess would be a wrong verdict. The texts may quote values: evaluate.ts asks once more with
// hidden ones before anything is told.
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { matchGlob } from '../../documents/glob.ts';
import { hasDuplicateKey } from '../duplicate-keys.ts';
import { cidrContains, cidrPrefix, readCidr } from './cidr.ts';
import { tameIfOdd } from './odd-keys.ts';
import { compareVersions, readVersion } from './versions.ts';

/** Stands in for `matches` in a parsed expression (compile.ts renames it): the library's own uses a backtracking RegExp. */
export const LINEAR_MATCHES = 'matchesLinear';

/** Signature to what it does. Each environment gets its own: the patterns that one check compiled go with it. */
const functionsOf = (patterns: Map<string, RE2JS>): Readonly<Record<string, (...args: never[]) => unknown>> => ({
  [`string.${LINEAR_MATCHES}(string): bool`]: (text: string, source: string) => compiled(patterns, source).matcher(text).find(),
  'string.glob(string): bool': (text: string, pattern: string) => matchGlob(pattern, text),
  'string.glob(list<dyn>): bool': (text: string, all: readonly unknown[]) => all.some((one) => matchGlob(textOf(one, 'glob'), text)),
  'string.replace(string, string): string': (text: string, what: string, by: string) => text.replaceAll(what, () => by),
  'jsonParse(string): dyn': parseJson,
  'base64Decode(string): string': decodeBase64,
  'cidrContains(string, string): bool': cidrContains,
  'cidrPrefix(string): int': (text: string) => BigInt(cidrPrefix(text)),
  'compareVersions(string, string): int': (a: string, b: string) => BigInt(compareVersions(a, b)),
  'asList(dyn): list<dyn>': (value: unknown) => (value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value]),
  'list.flatten(): list<dyn>': (items: readonly unknown[]) => items.flat(),
  'list.distinct(): list<dyn>': distinct,
  'list.sum(): double': (items: readonly unknown[]) => items.reduce((sum: number, item) => sum + numberOf(item), 0),
});

export function registerFunctions(env: Environment): void {
  // Not async: else every expression that calls one could be a promise.
  for (const [signature, handler] of Object.entries(functionsOf(new Map()))) env.registerFunction(signature, handler, { async: false });
}

/** What can be said of a literal argument while the file is read: function, position of the argument, and what throws when it is wrong. */
export const LITERAL_ARGUMENTS: Readonly<Record<string, readonly ((text: string) => unknown)[]>> = {
  matches: [(source) => RE2JS.compile(source)],
  cidrContains: [readCidr, readCidr],
  cidrPrefix: [readCidr],
  compareVersions: [readVersion, readVersion],
};

type Arithmetic = (a: number, b: number) => number;

const notByZero =
  (apply: Arithmetic): Arithmetic =>
  (a, b) => {
    if (b === 0) throw new Error('division by zero');
    return apply(a, b);
  };

const OPERATORS: Readonly<Record<string, Arithmetic>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': notByZero((a, b) => a / b),
  '%': notByZero((a, b) => a % b),
};

/**
 * JSON numbers arrive as doubles while literals are ints, and CEL has no operator between the two: without these, `after.size * 2` is an
 * error in every plan. Comparisons of the two are there but for `==` between such that are known before a plan is.
 */
export function registerNumbers(env: Environment): void {
  for (const [operator, apply] of Object.entries(OPERATORS)) {
    env.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => apply(a, Number(b)));
    env.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => apply(Number(a), b));
  }
  env.registerOperator('double % double: double', OPERATORS['%']!);
  env.registerOperator('int == double: bool', (a: bigint, b: number) => Number(a) === b);
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // V8's own message quotes ten characters of the text, which may be a secret's.
    throw new Error('jsonParse: the text is not JSON');
  }
  if (hasDuplicateKey(text)) throw new Error('jsonParse: the text has the same key twice in one object, and who reads it may take either');
  return tameIfOdd(value);
}

function decodeBase64(text: string): string {
  const packed = text.replace(/[\r\n]/g, '');
  // Buffer skips what is no base64, and half of a text would be judged.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed) || packed.length % 4 !== 0) throw new Error('base64Decode: the text is not base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'));
  } catch {
    throw new Error('base64Decode: what is packed is not text');
  }
}

/** Of plain values only: lists and maps have no identity that would be cheap to compare. 1 and 1.0 are the same. */
function distinct(items: readonly unknown[]): unknown[] {
  const seen = new Map<unknown, unknown>();
  for (const item of items) {
    if (typeof item === 'object' && item !== null) throw new Error('distinct: lists and maps cannot be told apart');
    const key = typeof item === 'bigint' ? Number(item) : item;
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function textOf(value: unknown, called: string): string {
  if (typeof value !== 'string') throw new Error(`${called}: the list holds something else than texts`);
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error('sum: the list holds something else than numbers');
  return Number(value);
}

function compiled(patterns: Map<string, RE2JS>, source: string): RE2JS {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const pattern = RE2JS.compile(source);
  // A pattern may come from the plan: the cache must not grow with it.
  if (patterns.size < 256) patterns.set(source, pattern);
  return pattern;
}
