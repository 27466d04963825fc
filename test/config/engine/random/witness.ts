// What must be true of a plan and of a state, written down a second time and without the engine's code: Terraform's AssertPlanValid and
// AssertObjectCompatible (hashicorp/terraform, internal/plans/objchange, read 2026-11-22), stricter where ours is.
import type { Attribute, AttributeType, Schema } from '../../../../src/config/engine/schema.ts';
import { UNKNOWN, isList, isMap, type Value, type ValueMap } from '../../../../src/config/engine/values.ts';

/** Equal when equal by content. */
export function spelled(type: AttributeType, value: Value): string {
  if (value === UNKNOWN) return '<unknown>';
  if (type.kind === 'object' && isMap(value)) {
    return `{${Object.entries(type.attributes)
      .map(([name, inner]) => `${name}=${spelled(inner.type, value[name] ?? null)}`)
      .join()}}`;
  }
  if (type.kind === 'map' && isMap(value)) {
    return `{${Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}=${spelled(type.element, value[key] ?? null)}`)
      .join()}}`;
  }
  if (!('element' in type) || !isList(value)) return JSON.stringify(value);
  const items = value.map((item) => spelled(type.element, item));
  return type.kind === 'set' ? `<${[...new Set(items)].toSorted().join()}>` : `[${items.join()}]`;
}

export const spelledObject = (schema: Schema, value: ValueMap | null): string => spelled({ kind: 'object', attributes: schema }, value);

const isOpen = ({ presence }: Attribute, config: Value): boolean =>
  presence === 'computed' || (presence === 'optional-computed' && config === null);

/** What is wrong with a plan. Empty: it may be shown and applied. */
export function planErrors(schema: Schema, config: ValueMap, prior: ValueMap | null, planned: ValueMap, path = ''): string[] {
  const surplus = Object.keys(planned).filter((name) => !Object.hasOwn(schema, name));
  const errors = surplus.map((name) => `${path}.${name} is not in the schema`);
  for (const [name, attribute] of Object.entries(schema)) {
    const at = `${path}.${name}`;
    if (!Object.hasOwn(planned, name)) errors.push(`${at} is absent`);
    const [said, is]: [Value, Value] = [config[name] ?? null, planned[name] ?? null];
    const was: Value | undefined = prior === null ? undefined : (prior[name] ?? null);
    if (attribute.writeOnly) {
      if (is !== null) errors.push(`${at} is write-only and planned`);
    } else if (isOpen(attribute, said)) {
      // Either it is to be told, or it stays.
      if (is !== UNKNOWN && (was === undefined || spelled(attribute.type, is) !== spelled(attribute.type, was))) {
        errors.push(`${at} was made up: ${spelled(attribute.type, is)}`);
      }
    } else {
      const meant = said === null && attribute.presence === 'default' ? (attribute.default ?? null) : said;
      errors.push(...valueErrors(attribute.type, meant, was ?? null, is, at));
    }
  }
  return errors;
}

function valueErrors(type: AttributeType, said: Value, was: Value, is: Value, at: string): string[] {
  if (said === UNKNOWN) return is === UNKNOWN ? [] : [`${at} is unknown in the configuration and planned`];
  if (is === UNKNOWN) return [`${at} is known in the configuration and unknown in the plan`];
  if (said === null || is === null) return said === is ? [] : [`${at}: configured and planned differ in being null`];
  if (type.kind === 'object' && isMap(said) && isMap(is)) return planErrors(type.attributes, said, isMap(was) ? was : null, is, at);
  if (type.kind === 'map' && isMap(said) && isMap(is)) {
    if (Object.keys(said).toSorted().join() !== Object.keys(is).toSorted().join()) return [`${at} has other keys`];
    return Object.keys(said).flatMap((key) =>
      valueErrors(type.element, said[key] ?? null, isMap(was) && Object.hasOwn(was, key) ? (was[key] ?? null) : null, is[key] ?? null, at),
    );
  }
  if (type.kind === 'list' && isList(said) && isList(is)) {
    if (said.length !== is.length) return [`${at} has another length`];
    return said.flatMap((item, i) => valueErrors(type.element, item, isList(was) ? (was[i] ?? null) : null, is[i] ?? null, `${at}[${i}]`));
  }
  if (type.kind === 'set' && isList(said) && isList(is)) {
    const before: readonly Value[] = isList(was) ? [...was, null] : [null];
    const fits = (one: Value, other: Value): boolean => before.some((b) => valueErrors(type.element, one, b, other, at).length === 0);
    const lost = said.filter((item) => !is.some((other) => fits(item, other)));
    const surplus = is.filter((other) => !said.some((item) => fits(item, other)));
    return [...lost.map(() => `${at} has lost an element`), ...surplus.map(() => `${at} has an element that nobody configured`)];
  }
  return spelled(type, said) === spelled(type, is) ? [] : [`${at} is ${spelled(type, is)} and not ${spelled(type, said)}`];
}

/** What is in a state and was planned otherwise, or is not known. */
export function stateErrors(type: AttributeType, planned: Value, state: Value, at = ''): string[] {
  if (state === UNKNOWN) return [`${at} is unknown in a state`];
  if (type.kind === 'object' && isMap(state)) {
    return Object.entries(type.attributes).flatMap(([name, inner]) => {
      const value = state[name] ?? null;
      if (inner.writeOnly) return value === null ? [] : [`${at}.${name} is write-only and kept`];
      return stateErrors(inner.type, isMap(planned) ? (planned[name] ?? null) : planned, value, `${at}.${name}`);
    });
  }
  if (type.kind === 'set' && isList(state) && isList(planned)) {
    const fits = (one: Value, other: Value): boolean => stateErrors(type.element, one, other).length === 0;
    const missing = planned.some((item) => !state.some((other) => fits(item, other)));
    const surplus = state.some((other) => !planned.some((item) => fits(item, other)));
    return missing || surplus ? [`${at} has other elements`] : [];
  }
  if (type.kind === 'list' && isList(state) && isList(planned)) {
    if (state.length !== planned.length) return [`${at} has another length`];
    return state.flatMap((item, i) => stateErrors(type.element, planned[i] ?? null, item, `${at}[${i}]`));
  }
  if (type.kind === 'map' && isMap(state) && isMap(planned)) {
    if (Object.keys(state).toSorted().join() !== Object.keys(planned).toSorted().join()) return [`${at} has other keys`];
    return Object.keys(state).flatMap((key) => stateErrors(type.element, planned[key] ?? null, state[key] ?? null, at));
  }
  if (planned === UNKNOWN) return [];
  return spelled(type, planned) === spelled(type, state) ? [] : [`${at} is ${spelled(type, state)}`];
}

/** Is there something unknown in it that a plan can show? Of a write-only value nothing is ever shown. */
export function showsUnknown(type: AttributeType, value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (type.kind === 'object' && isMap(value)) {
    return Object.entries(type.attributes).some(([name, inner]) => !inner.writeOnly && showsUnknown(inner.type, value[name] ?? null));
  }
  const items: readonly Value[] = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return 'element' in type && items.some((item) => showsUnknown(type.element, item));
}
