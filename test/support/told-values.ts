// Our diff in the form in which the reader of Terraform's text (terraform-text.ts) gives it: which values come and go, and where.
import type { DiffValue, LeafChange } from '../../src/plan/diff/tree.ts';
import type { Json } from '../../src/contracts/json.ts';
import type { ToldBody, ToldValue } from './terraform-text.ts';

/** Leaves of our diff. `blocks`: places where Terraform's text tells a list or set of blocks without saying so. */
export function toldValues(leaves: readonly LeafChange[], blocks: ToldBody['blocks']): ToldValue[] {
  const known = new Set(blocks.map(placeOf));
  return leaves.flatMap(({ path, before, after }) => {
    // Only the order changes: nothing comes or goes.
    if (before !== null && isEmptyList(before) && after !== null && isEmptyList(after)) return [];
    const steps = path.map((step) => (typeof step === 'number' ? '[]' : step));
    const side = (sign: '-' | '+', value: DiffValue | null): ToldValue[] =>
      value === null ? [] : fromValue(value, steps).map((told) => ({ sign, ...told, path: withoutBlockSteps(told.path, known) }));
    return [...side('-', before), ...side('+', after)];
  });
}

const isEmptyList = (value: DiffValue): boolean => value.kind === 'list' && value.items.length === 0;

export const placeOf = (path: readonly string[]): string => JSON.stringify(path);

export function withoutBlockSteps(path: readonly string[], blocks: ReadonlySet<string>): readonly string[] {
  const out: string[] = [];
  for (const step of path) if (step !== '[]' || !blocks.has(placeOf(out))) out.push(step);
  return out;
}

type Found = Omit<ToldValue, 'sign'>;

function fromValue(value: DiffValue, path: readonly string[]): Found[] {
  switch (value.kind) {
    case 'masked':
      return [{ path, value: '(sensitive value)' }];
    case 'unknown':
      return [{ path, value: '(known after apply)' }];
    case 'withheld':
      return [{ path, value: `(withheld: ${value.what})` }];
    case 'number':
      return [{ path, value: decimal(value.spelling) }];
    case 'plain':
      return typeof value.value === 'string' ? fromText(value.value, path) : [{ path, value: scalar(value.value) }];
    case 'list':
      return value.items.length === 0 ? [{ path, value: '[]' }] : value.items.flatMap((item) => fromValue(item, [...path, '[]']));
    case 'map':
      return value.entries.length === 0
        ? [{ path, value: '{}' }]
        : value.entries.flatMap(({ key, value: inner }) => fromValue(inner, [...path, key]));
  }
}

/** Terraform reads JSON in a text, and leaves out the white space around several lines. */
function fromText(text: string, path: readonly string[]): Found[] {
  const json = /^[[{]/.test(text) ? parsed(text) : undefined;
  if (json !== undefined) return fromJson(json, [...path, 'jsonencode()']);
  return [{ path, value: JSON.stringify(text.includes('\n') ? text.trim() : text) }];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // No JSON after all: a text like any other.
    return undefined;
  }
}

function fromJson(json: Json, path: readonly string[]): Found[] {
  if (typeof json !== 'object' || json === null)
    return typeof json === 'string' ? fromText(json, path) : [{ path, value: scalar(json as null | boolean | number) }];
  const inner = Array.isArray(json)
    ? (json as readonly Json[]).map((item) => ['[]', item] as const)
    : Object.entries(json as { readonly [key: string]: Json });
  if (inner.length === 0) return [{ path, value: Array.isArray(json) ? '[]' : '{}' }];
  return inner.flatMap(([step, item]) => fromJson(item, [...path, step]));
}

const scalar = (value: null | boolean | number): string => (typeof value === 'number' ? decimal(String(value)) : String(value));

/** `1e-3` as `0.001`: Terraform writes numbers without an exponent. */
export function decimal(spelling: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(spelling) ?? [];
  if (whole === '') return spelling;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, '0');
  const padded = point > 0 ? digits : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const tail = padded.slice(at).replace(/0+$/, '');
  return `${sign}${padded.slice(0, at).replace(/^0+(?=\d)/, '')}${tail === '' ? '' : `.${tail}`}`;
}

/** `-["tags","env"] "dev"` */
export const spelled = ({ sign, path, value }: ToldValue): string => `${sign}${placeOf(path)} ${value}`;

/**
 * Without what goes at one element of a list and comes at another, or stays in a JSON text: what is left does not depend on how the
 * elements were paired. A secret and what is not known yet never cancel.
 */
export function net(values: readonly ToldValue[], isPaired: (value: ToldValue) => boolean): ToldValue[] {
  const open = new Map<string, ToldValue[]>();
  const rest: ToldValue[] = [];
  // A null is nothing that comes or goes.
  for (const told of values.filter(({ value }) => value !== 'null')) {
    if (told.value.startsWith('(') || !isPaired(told)) {
      rest.push(told);
      continue;
    }
    const key = `${placeOf(told.path)} ${told.value}`;
    const waiting = open.get(key) ?? [];
    const at = waiting.findIndex(({ sign }) => sign !== told.sign);
    if (at >= 0) waiting.splice(at, 1);
    else waiting.push(told);
    open.set(key, waiting);
  }
  return [...rest, ...[...open.values()].flat()];
}

/** What stays in a JSON text is not told by Terraform, and is in our whole documents. */
export const isInDocument = ({ path }: Pick<ToldValue, 'path'>): boolean => path.includes('jsonencode()');
/** Not in lists of lists: there the inner lists would lose what they are. */
export const isInList = ({ path }: ToldValue): boolean =>
  isInDocument({ path }) || (path.includes('[]') && !path.some((step, at) => step === '[]' && path[at + 1] === '[]'));
