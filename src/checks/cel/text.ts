// Values and errors of CEL as texts for people. Pure.
import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { describeThrown } from '../../base/fault.ts';
import { LINEAR_MATCHES } from './functions.ts';

/** @param quoted  texts in quotation marks, where they stand among other things */
export function toText(value: unknown, quoted = false): string {
  if (typeof value === 'string' && !quoted) return value;
  return JSON.stringify(value, toJson) ?? typeName(value);
}

function toJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = { bigint: 'a number', number: 'a number', string: 'text', object: 'a map' };

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : (TYPE_NAMES[typeof value] ?? typeof value);
}

const isKnown = (error: unknown): error is EvaluationError | CelTypeError | ParseError =>
  error instanceof EvaluationError || error instanceof CelTypeError || error instanceof ParseError;

/** Two errors with the same code are the same mistake, whatever values they quote. */
export const codeOf = (error: unknown): string => (isKnown(error) ? error.code : 'thrown by a function');

/** Without the picture of the source that the library puts below. */
export function summaryOf(error: unknown): string {
  const known = isKnown(error);
  const text = (known ? error.summary : describeThrown(error)).replaceAll(LINEAR_MATCHES, 'matches');
  return known && error.code === 'no_such_key' ? `${text}. Ask \`has(…)\` first, or exclude such resources with \`when\`` : text;
}
