// What an object is to become: the configuration wins, what it leaves open comes from the object as it is, and what nobody can tell yet is
// unknown. Terraform's "proposed new state", with defaults at every depth and sets by content. Pure.
import { canonicalText, equal, ordered } from './canonical.ts';
import { attributeWithDefault } from './defaults.ts';
import { allMatch, matchElements } from './match-elements.ts';
import type { Attribute, AttributeType, Schema } from './schema.ts';
import { UNKNOWN, isList, isMap, isWhollyKnown, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

/**
 * - `same`: what is computed keeps its value, to see whether anything differs.
 * - `changed`: something does, so that what is computed is unknown unless it is stable.
 */
export type Mode = 'same' | 'changed';

/** @param prior  undefined: there is no object yet */
export const propose = (schema: Schema, config: ValueMap, prior: ValueMap | undefined, mode: Mode): ValueMap =>
  valueMap(
    Object.entries(schema).map(([name, attribute]) => [
      name,
      proposeAttribute(attribute, valueAt(config, name), prior && valueAt(prior, name), mode),
    ]),
  );

/** Does the API say it, because the configuration cannot or does not? */
export const isLeftToTheApi = (attribute: Attribute, config: Value): boolean =>
  attribute.presence === 'computed' || (attribute.presence === 'optional-computed' && config === null);

function proposeAttribute(attribute: Attribute, config: Value, prior: Value | undefined, mode: Mode): Value {
  if (attribute.writeOnly) return null;
  if (!isLeftToTheApi(attribute, config)) return proposeValue(attribute.type, attributeWithDefault(attribute, config), prior, mode);
  if (prior === undefined) return UNKNOWN;
  if (mode === 'same') return prior;
  // A null may be filled by the change, so it is not promised (Terraform's UseStateForUnknown does the same).
  const stays = attribute.stable === true || attribute.presence === 'optional-computed';
  return stays && prior !== null ? prior : UNKNOWN;
}

function proposeValue(type: AttributeType, config: Value, prior: Value | undefined, mode: Mode): Value {
  if (config === UNKNOWN || config === null) return config;
  if (type.kind === 'object' && isMap(config)) return propose(type.attributes, config, isMap(prior) ? prior : undefined, mode);
  if (type.kind === 'map' && isMap(config)) {
    const before = isMap(prior) ? prior : valueMap([]);
    return valueMap(
      Object.entries(config).map(([key, item]) => [
        key,
        proposeValue(type.element, item, Object.hasOwn(before, key) ? valueAt(before, key) : undefined, mode),
      ]),
    );
  }
  if (type.kind === 'list' && isList(config)) {
    return config.map((item, index) => proposeValue(type.element, item, isList(prior) ? prior[index] : undefined, mode));
  }
  return type.kind === 'set' && isList(config) ? proposeSet(type.element, config, isList(prior) ? prior : [], mode) : config;
}

/**
 * Matching by place would hand the computed values of one element to another as soon as the order differs. An element is the one that
 * agrees with it in everything that the configuration says.
 */
function proposeSet(element: AttributeType, config: readonly Value[], prior: readonly Value[], mode: Mode): Value {
  const seen = new Set<string>();
  // Two that say the same once the defaults are in are one, although what is computed of them is not known yet.
  const items = config.filter((item) => {
    const text = canonicalText(element, proposeValue(element, item, undefined, mode));
    return !isWhollyKnown(item) || (!seen.has(text) && seen.add(text));
  });
  const partners = matchElements(items, prior, {
    agrees: (item, before) => agrees(element, item, before),
    isSame: (item, before) => equal(element, item, before),
    openPlaces: (item) => openPlaces(element, item),
  });
  return ordered(
    element,
    items.map((item, index) => {
      const partner = partners[index] ?? null;
      return proposeValue(element, item, partner === null ? undefined : prior[partner], mode);
    }),
  );
}

/** How much of it the configuration could say and leaves to the API. */
function openPlaces(type: AttributeType, config: Value): number {
  if (type.kind === 'object' && isMap(config)) {
    const open = Object.entries(type.attributes).map(([name, attribute]) => {
      const said = valueAt(config, name);
      return isLeftToTheApi(attribute, said) ? 1 : openPlaces(attribute.type, said);
    });
    return open.reduce((sum, places) => sum + places, 0);
  }
  const items: readonly Value[] = isList(config) ? config : isMap(config) ? Object.values(config) : [];
  return 'element' in type ? items.reduce((sum: number, item) => sum + openPlaces(type.element, item), 0) : 0;
}

/** Could this be what the configuration describes, as far as it says? The defaults are in it already. */
function agrees(type: AttributeType, config: Value, prior: Value): boolean {
  if (type.kind === 'object' && isMap(config) && isMap(prior)) {
    return Object.entries(type.attributes).every(([name, attribute]) => {
      const said = valueAt(config, name);
      return attribute.writeOnly || isLeftToTheApi(attribute, said) || agrees(attribute.type, said, valueAt(prior, name));
    });
  }
  if (type.kind === 'map' && isMap(config) && isMap(prior)) {
    const keys = Object.keys(config);
    return (
      keys.length === Object.keys(prior).length &&
      keys.every((key) => Object.hasOwn(prior, key) && agrees(type.element, valueAt(config, key), valueAt(prior, key)))
    );
  }
  if (type.kind === 'set' && isList(config) && isList(prior)) {
    return allMatch(config, prior, (item, before) => agrees(type.element, item, before));
  }
  if (type.kind === 'list' && isList(config) && isList(prior)) {
    return config.length === prior.length && config.every((item, index) => agrees(type.element, item, prior[index] ?? null));
  }
  return equal(type, config, prior);
}
