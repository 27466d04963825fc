// What an author's function or a driver's record told of an object, taken by the schema: checked for its types, and undefined where nothing
// was told. Pure.
import { cut } from '../../base/cut.ts';
import { problem, type AttributePath, type Problem } from './problem.ts';
import type { AttributeType } from './schema.ts';
import { ExactNumber } from './values.ts';

/** As Value, with undefined where nothing was told. Nothing in it is unknown. */
export type Told = string | number | boolean | ExactNumber | null | undefined | readonly Told[] | ToldMap;
export interface ToldMap {
  readonly [name: string]: Told;
}

/** What has another type than the schema says is told as a problem, and then as not told. Attributes that the schema has not are left out. */
export function readTold(type: AttributeType, given: unknown, path: AttributePath, problems: Problem[]): Told {
  if (given === undefined || given === null) return given;
  const wrong = (): undefined => void problems.push(problem(path, `Not ${NAMES[type.kind]}`, `It is ${describe(given)}.`));
  switch (type.kind) {
    case 'string':
      return typeof given === 'string' ? given : wrong();
    case 'bool':
      return typeof given === 'boolean' ? given : wrong();
    case 'number':
      return given instanceof ExactNumber || (typeof given === 'number' && Number.isFinite(given)) ? given : wrong();
    case 'list':
    case 'set':
      if (!Array.isArray(given)) return wrong();
      return (given as unknown[]).map((item, index) => readElement(type.element, item, [...path, index], problems));
    case 'map':
      if (!isRecord(given)) return wrong();
      return toldMap(Object.entries(given).map(([key, item]) => [key, readElement(type.element, item, [...path, key], problems)]));
    case 'object':
      if (!isRecord(given)) return wrong();
      return toldMap(
        Object.entries(type.attributes).map(([name, attribute]) => {
          const told = Object.hasOwn(given, name) ? given[name] : undefined;
          return [name, attribute.writeOnly ? undefined : readTold(attribute.type, told, [...path, name], problems)];
        }),
      );
  }
}

/** Lists, sets and maps hold no nulls: an author's types do not have them. */
function readElement(type: AttributeType, given: unknown, path: AttributePath, problems: Problem[]): Told {
  if (given === undefined || given === null) problems.push(problem(path, 'An element without a value'));
  return readTold(type, given, path, problems);
}

export const isToldMap = (told: Told): told is ToldMap =>
  typeof told === 'object' && told !== null && !Array.isArray(told) && !(told instanceof ExactNumber);
export const isToldList = (told: Told): told is readonly Told[] => Array.isArray(told);

function toldMap(entries: readonly (readonly [string, Told])[]): ToldMap {
  const made = Object.create(null) as Record<string, Told>;
  for (const [name, told] of entries) made[name] = told;
  return made;
}

const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof ExactNumber);

/** For messages: `a string`. */
export const NAMES: Readonly<Record<AttributeType['kind'], string>> = {
  string: 'a string',
  number: 'a number',
  bool: 'true or false',
  list: 'a list',
  set: 'a list',
  map: 'a map',
  object: 'an object',
};

/** What kind of value somebody gave. Never the value itself: it may stand where a secret was meant. */
export function describe(given: unknown): string {
  if (given === null || given === undefined) return 'nothing';
  if (Array.isArray(given)) return 'a list';
  if (given instanceof ExactNumber) return 'a number';
  if (typeof given === 'object') return 'a map';
  if (typeof given === 'number') return Number.isFinite(given) ? 'a number' : 'not a finite number';
  return typeof given === 'boolean' ? 'true or false' : `a ${cut(typeof given, 20)}`;
}
