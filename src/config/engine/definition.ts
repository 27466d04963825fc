// Finds what is wrong with the definition of a resource or data source: in a test of it, and not in the middle of an apply. Pure.
import { problem, type AttributePath, type Problem } from './problem.ts';
import type { AnyDataSource, AnyResource } from './resource.ts';
import type { Attribute, AttributeType, Schema } from './schema.ts';
import { readTold } from './told.ts';
import { isWhollyKnown } from './values.ts';

const NAME = /^[a-z][a-z0-9_]*$/;

/** @returns nothing for a definition that can work */
export function checkDefinition(definition: AnyResource | AnyDataSource): Problem[] {
  const schema = definition.schema as Schema;
  const problems: Problem[] = [];
  if (!NAME.test(definition.name)) problems.push(problem([], `Not a name: ${JSON.stringify(definition.name)}`, 'Write a-z, 0-9 and _.'));
  checkSchema(schema, { path: [], inSet: false, top: true }, problems);
  if ('key' in definition) problems.push(...checkKey(schema, definition.key as readonly string[]));
  return problems;
}

interface Place {
  readonly path: AttributePath;
  readonly inSet: boolean;
  /** An attribute of the object itself, not of something nested in it. */
  readonly top: boolean;
}

function checkKey(schema: Schema, key: readonly string[]): Problem[] {
  if (key.length === 0) return [problem([], 'It has no key', 'Name the attributes that say which object it is.')];
  return key.flatMap((name) => {
    const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (attribute === undefined) return [problem([name], 'A key attribute that the schema does not have')];
    const wrong = [];
    if (attribute.presence !== 'required') wrong.push(problem([name], 'A key attribute must be required'));
    if (attribute.type.kind !== 'string') wrong.push(problem([name], 'A key attribute must be a string'));
    if (attribute.writeOnly || attribute.sensitive) wrong.push(problem([name], 'A key attribute cannot be hidden'));
    return wrong;
  });
}

function checkSchema(schema: Schema, place: Place, problems: Problem[]): void {
  for (const [name, attribute] of Object.entries(schema)) {
    const path = [...place.path, name];
    if (!NAME.test(name)) problems.push(problem(path, 'Not a name of an attribute', 'Write a-z, 0-9 and _.'));
    for (const [wrong, summary] of rulesOf(attribute, name, schema, place)) if (wrong) problems.push(problem(path, summary));
    checkDefault(attribute, path, problems);
    checkNested(attribute.type, { ...place, path, top: false }, problems);
  }
}

const isComputed = ({ presence }: Attribute): boolean => presence === 'computed' || presence === 'optional-computed';

const holdsComputed = (type: AttributeType): boolean =>
  'element' in type
    ? holdsComputed(type.element)
    : type.kind === 'object' && Object.values(type.attributes).some((inner) => isComputed(inner) || holdsComputed(inner.type));

/** What must not be, in words. */
function rulesOf(attribute: Attribute, name: string, schema: Schema, { inSet, top }: Place): readonly (readonly [boolean, string])[] {
  const { type, presence, writeOnly, replace, stable, remembered, description } = attribute;
  const version = schema[`${name}_version`];
  const hasVersion = version !== undefined && version.presence !== 'computed' && !version.writeOnly;
  return [
    [description.trim() === '', 'It has no description'],
    [presence === 'computed' && replace === true, 'What the API says cannot ask for a replacement'],
    [presence === 'computed' && attribute.validate !== undefined, 'What the API says is not validated'],
    [!isComputed(attribute) && stable === true, 'Only what the API says can be stable'],
    [remembered === true && !top, 'Only an attribute of the object itself can be remembered'],
    [remembered === true && holdsComputed(type), 'The API must tell what it says itself: only what is configured can be remembered'],
    [writeOnly === true && isComputed(attribute), 'What the API says cannot be write-only'],
    [writeOnly === true && presence === 'default', 'A write-only attribute cannot have a default: it would be no secret'],
    [writeOnly === true && inSet, 'A write-only attribute cannot stand in a set: its element could not be recognised'],
    [writeOnly === true && replace === true, 'A change of a write-only attribute cannot be seen, so that it cannot ask for a replacement'],
    [writeOnly === true && remembered === true, 'A write-only attribute is never remembered'],
    [writeOnly === true && !hasVersion, `A write-only attribute needs ${name}_version beside it: its change sends it again`],
  ];
}

function checkDefault({ type, presence, default: value }: Attribute, path: AttributePath, problems: Problem[]): void {
  if (presence !== 'default') {
    if (value !== undefined) problems.push(problem(path, 'A default that is never used', 'Define it with withDefault.'));
    return;
  }
  if (value === undefined || value === null || !isWhollyKnown(value)) {
    problems.push(problem(path, 'It has no default', 'Define it with optional, or give a value.'));
    return;
  }
  const wrong: Problem[] = [];
  readTold(type, value, path, wrong);
  if (wrong.length > 0) problems.push(problem(path, 'The default has another type', wrong[0]?.detail));
}

function checkNested(type: AttributeType, place: Place, problems: Problem[]): void {
  if ('element' in type) checkNested(type.element, { ...place, inSet: place.inSet || type.kind === 'set' }, problems);
  else if (type.kind === 'object') checkSchema(type.attributes, place, problems);
}
