// Takes a configuration by the schema: says everything that is wrong with it, and makes of it what planning works with. Pure.
//
// The result has every attribute, null where nothing was said. Defaults are not in it: planning puts them in, so that a driver can still
// tell what was written from what was meant. What authors get to see has them.
import { didYouMean } from '../../base/did-you-mean.ts';
import { describeThrown } from '../../base/fault.ts';
import { TOO_EXACT, toPlainValue, toUnfinished } from './authors.ts';
import { canonicalText } from './canonical.ts';
import { convertPrimitive } from './convert.ts';
import { withDefaults } from './defaults.ts';
import { hasErrors, problem, warning, type AttributePath, type Problem } from './problem.ts';
import type { AnyDataSource, AnyResource } from './resource.ts';
import type { Attribute, AttributeType, Schema } from './schema.ts';
import { redactFor, redactProblems } from './secret-values.ts';
import { NAMES, describe } from './told.ts';
import { ExactNumber, UNKNOWN, isList, isMap, isWhollyKnown, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

export interface Validated {
  /** Null where nothing was said, and where what was said is wrong. */
  readonly config: ValueMap;
  readonly problems: readonly Problem[];
}

/** @param given  what the driver read; attributes may be absent. Nothing in it is trusted. */
export function validateConfig(definition: AnyResource | AnyDataSource, given: ValueMap): Validated {
  const schema = definition.schema as Schema;
  const problems: Problem[] = [];
  const config = readObject(schema, given, [], problems);
  const redact = redactFor(schema, [given, config]);
  if (!hasErrors(problems) && definition.validate !== undefined) {
    try {
      problems.push(...definition.validate(toUnfinished(schema, withDefaults(schema, config))));
    } catch (thrown) {
      problems.push(problem([], `A defect in ${definition.name}: validate failed`, describeThrown(thrown)));
    }
  }
  return { config, problems: redactProblems(problems, redact) };
}

function readObject(schema: Schema, given: ValueMap, path: AttributePath, problems: Problem[]): ValueMap {
  for (const name of Object.keys(given)) if (!Object.hasOwn(schema, name)) problems.push(unknownAttribute(schema, name, path));
  return valueMap(
    Object.entries(schema).map(([name, attribute]) => [name, readAttribute(attribute, valueAt(given, name), [...path, name], problems)]),
  );
}

function unknownAttribute(schema: Schema, name: string, path: AttributePath): Problem {
  const settable = Object.keys(schema).filter((known) => schema[known]?.presence !== 'computed');
  const meant = didYouMean(name, settable);
  const detail = meant === null ? `These are known: ${settable.join(', ')}.` : `Did you mean "${meant}"?`;
  return problem([...path, name], `There is no attribute ${JSON.stringify(name)}`, detail);
}

function readAttribute(attribute: Attribute, given: Value, path: AttributePath, problems: Problem[]): Value {
  if (given === null) {
    if (attribute.presence === 'required') problems.push(problem(path, 'A value is missing', 'This attribute must be set.'));
    return null;
  }
  if (attribute.presence === 'computed') {
    problems.push(problem(path, 'This attribute cannot be set', 'The API says what it is. Take it out.'));
    return null;
  }
  if (attribute.deprecated !== undefined) problems.push(warning(path, 'This attribute is deprecated', attribute.deprecated));
  const found: Problem[] = [];
  const value = readValue(attribute.type, given, path, found);
  if (!hasErrors(found)) found.push(...ownValidator(attribute, value, path));
  problems.push(...found);
  return value;
}

function readValue(type: AttributeType, given: Value, path: AttributePath, problems: Problem[]): Value {
  if (given === UNKNOWN) return UNKNOWN;
  const wrong = (detail = `It is ${describe(given)}.`): null => {
    problems.push(problem(path, `Not ${NAMES[type.kind]}`, detail));
    return null;
  };
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'bool': {
      const value = convertPrimitive(type.kind, given);
      if (value === undefined) return wrong(type.kind === 'bool' && typeof given === 'string' ? 'Write true or false.' : undefined);
      if (!(value instanceof ExactNumber)) return value;
      problems.push(problem(path, ...TOO_EXACT));
      return null;
    }
    case 'list':
    case 'set': {
      if (!isList(given)) return wrong();
      const items = given.map((item, index) => readElement(type.element, item, [...path, index], problems));
      return type.kind === 'list' ? items : withoutRepetitions(type.element, items, path, problems);
    }
    case 'map':
      if (!isMap(given)) return wrong();
      return valueMap(Object.entries(given).map(([key, item]) => [key, readElement(type.element, item, [...path, key], problems)]));
    case 'object':
      return isMap(given) ? readObject(type.attributes, given, path, problems) : wrong();
  }
}

function readElement(type: AttributeType, given: Value | undefined, path: AttributePath, problems: Problem[]): Value {
  if (given !== null && given !== undefined) return readValue(type, given, path, problems);
  problems.push(problem(path, 'An element without a value', 'Give it a value or take it out.'));
  return null;
}

/** Two of the same mean what one means; but somebody wrote two. */
function withoutRepetitions(type: AttributeType, items: readonly Value[], path: AttributePath, problems: Problem[]): Value[] {
  const seen = new Set<string>();
  return items.filter((item, index) => {
    if (item === null || !isWhollyKnown(item)) return true;
    const text = canonicalText(type, item);
    if (!seen.has(text)) return seen.add(text);
    problems.push(warning([...path, index], 'This stands here twice', 'Once is enough: order and repetition do not count.'));
    return false;
  });
}

function ownValidator(attribute: Attribute, value: Value, path: AttributePath): Problem[] {
  if (attribute.validate === undefined || value === null || !isWhollyKnown(value)) return [];
  try {
    const plain = toPlainValue(attribute.type, value) as never;
    return attribute.validate(plain).map((found) => problem([...path, ...(found.path ?? [])], found.summary, found.detail));
  } catch (thrown) {
    return [problem(path, 'A defect in the check of this attribute', describeThrown(thrown))];
  }
}
