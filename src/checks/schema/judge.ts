// One resource and its schemas: which errors are certain, which hang on a value that is known only after apply, and how both are said. Pure.
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../../contracts/json.ts';
import { isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import { formatTrail } from '../values/path.ts';
import { isSensitive, show, type Subject } from '../values/subject.ts';
import type { Validate } from './compile.ts';
import { extendPointer, outerOf, readPointer } from './pointer.ts';
import { prepare } from './prepare.ts';

export interface SchemaFault {
  readonly message: string;
  readonly attribute: string | null;
  readonly isUnknown: boolean;
}

/** Told for one resource; more of them say no more. */
const MAX_FAULTS = 10;

export function judgeResource(validates: readonly Validate[], subject: Subject): SchemaFault[] {
  if (isMark(subject.unknown)) return [{ message: 'Nothing of it is known before apply', attribute: null, isUnknown: true }];
  const touched = new Set<string>();
  const data = prepare(subject.value, subject.unknown, touched);
  const errors = validates.flatMap((validate) => validate(data));
  const isPart = createIsPart(errors);
  const isUncertain = createIsUncertain(touched);
  const certain = errors.filter((error) => !isPart(error) && !isUncertain(error));
  const faults = [
    ...unique(certain.map((error) => toFault(error, subject))),
    ...[...touched].map((pointer): SchemaFault => {
      const place = placeOf(pointer, subject);
      return {
        message: `${place.path} is known only after apply, and the schema asks about it`,
        attribute: place.attribute,
        isUnknown: true,
      };
    }),
  ];
  if (faults.length <= MAX_FAULTS) return faults;
  const rest = faults.slice(MAX_FAULTS);
  return [
    ...faults.slice(0, MAX_FAULTS),
    { message: `${rest.length} more places do not fit the schema`, attribute: null, isUnknown: rest.every(({ isUnknown }) => isUnknown) },
  ];
}

/** Two schemas of one type, or two branches of one schema, may say the same. */
const unique = (faults: readonly SchemaFault[]): SchemaFault[] => [...new Map(faults.map((fault) => [fault.message, fault])).values()];

/** Keywords whose answer comes from what is inside of the place. */
const COMPOSED = new Set(['anyOf', 'oneOf', 'not', 'if', 'contains', 'enum', 'const', 'unevaluatedProperties', 'unevaluatedItems']);
const BRANCHED = new Set(['anyOf', 'oneOf', 'not', 'if', 'contains']);

/**
 * What a branch says is a part of what `anyOf` and the like say of all of them. By their own errors, and not by the word in the path: an
 * attribute may be called `not`.
 */
function createIsPart(errors: readonly ErrorObject[]): (error: ErrorObject) => boolean {
  const wholes = new Set(errors.flatMap(({ keyword, schemaPath }) => (BRANCHED.has(keyword) ? [schemaPath] : [])));
  const isBelow = (path: string): boolean => path !== '' && (wholes.has(path) || isBelow(outerOf(path)));
  return ({ schemaPath }) => wholes.size > 0 && isBelow(outerOf(schemaPath));
}

/** Both lists are as long as whoever wrote the resource wants them to be, so neither is gone through for each item of the other. */
function createIsUncertain(touched: ReadonlySet<string>): (error: ErrorObject) => boolean {
  const around = new Set<string>();
  for (const pointer of touched) for (let up = pointer; !around.has(up); up = outerOf(up)) around.add(up);
  const isInside = (place: string): boolean => touched.has(place) || (place !== '' && isInside(outerOf(place)));
  return (error) => {
    const place = pointerOf(error);
    return isInside(place) || (COMPOSED.has(error.keyword) && around.has(place));
  };
}

/** A property that is missing is the place, not the object that lacks it. */
function pointerOf({ instancePath, params }: ErrorObject): string {
  const missing: unknown = params['missingProperty'];
  return typeof missing === 'string' ? extendPointer(instancePath, missing) : instancePath;
}

function toFault(error: ErrorObject, subject: Subject): SchemaFault {
  const { path, attribute, value, isHidden } = placeOf(pointerOf(error), subject);
  const { keyword, params, message = 'does not fit the schema' } = error;
  const say = (what: string): SchemaFault => ({ message: `${path === '' ? 'The resource' : path} ${what}`, attribute, isUnknown: false });
  if (params['missingProperty'] !== undefined) return say('is missing or not set');
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const key: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
    return say(isHidden || typeof key !== 'string' ? 'has a key that may not be' : `has ${JSON.stringify(key)}, which may not be`);
  }
  if (keyword === 'anyOf' || keyword === 'oneOf')
    return say(keyword === 'anyOf' ? 'fits none of the alternatives' : 'does not fit exactly one of the alternatives');
  if (keyword === 'not') return say('is of a form that may not be');
  if (keyword === 'if') return say('fits the condition (`if`) and not what follows from it');
  if (keyword === 'false schema') return say('may not be set');
  const wanted =
    keyword === 'enum'
      ? `must be one of ${listAll(params['allowedValues'])}`
      : keyword === 'const'
        ? `must be ${JSON.stringify(params['allowedValue'])}`
        : message;
  return say(`is ${value === undefined ? 'missing' : show(subject, value, trailOf(pointerOf(error), subject))}, ${wanted}`);
}

const listAll = (values: unknown): string =>
  Array.isArray(values) ? values.map((one) => JSON.stringify(one)).join(', ') : 'those of the schema';

interface SaidPlace {
  readonly path: string;
  readonly attribute: string | null;
  readonly value: Json | undefined;
  readonly isHidden: boolean;
}

function placeOf(pointer: string, subject: Subject): SaidPlace {
  const trail = trailOf(pointer, subject);
  // Keys below a marked value are as secret as it is.
  const hidden = trail.findIndex((_part, i) => isSensitive(subject, trail.slice(0, i + 1)));
  const [first] = trail;
  return {
    path: formatTrail(hidden < 0 ? trail : trail.slice(0, hidden + 1)),
    attribute: typeof first === 'string' ? first : null,
    value: trail.reduce<Json | undefined>((value, part) => step(value, part), subject.value),
    isHidden: hidden >= 0,
  };
}

/** A pointer does not say whether "0" is an index or a key: the value does. */
function trailOf(pointer: string, subject: Subject): (string | number)[] {
  let value: Json | undefined = subject.value;
  let marks: Json | undefined = subject.unknown;
  return readPointer(pointer).map((part) => {
    const key = isList(value) || isList(marks) ? Number(part) : part;
    value = step(value, key);
    marks = step(marks, key);
    return key;
  });
}

function step(value: Json | undefined, part: string | number): Json | undefined {
  if (typeof part === 'number') return isList(value) ? value[part] : undefined;
  return isMap(value) ? ownValue(value, part) : undefined;
}
