// An API in memory that behaves: it fills in what is left to it, keeps what it was given, gives sets back in another order, never tells what
// is write-only or remembered by the driver, and does not repeat what it was just told unless it likes to.
import { resourceFor, type AnyResource } from '../../../../src/config/engine/resource.ts';
import type { AttributeType, ReturnedOf, Schema } from '../../../../src/config/engine/schema.ts';
import { chance, nonNull, toMap, type Gen } from './gen.ts';

type Plain = Readonly<Record<string, unknown>>;

export interface RandomApi {
  readonly resource: AnyResource<null>;
  readonly objects: Map<string, Plain>;
  /** Set by a test: what the next create, update or delete answers instead. */
  sabotage: ((call: string, answer: Plain, given: Plain | null) => Plain) | null;
  readonly calls: string[];
}

export function createRandomApi(g: Gen, schema: Schema): RandomApi {
  const objects = new Map<string, Plain>();
  const calls: string[] = [];
  let counter = 0;

  const fillType = (type: AttributeType): unknown => {
    counter++;
    if (type.kind === 'string') return `filled-${counter}`;
    if (type.kind === 'number') return 1000 + counter;
    if (type.kind === 'object') return fillObject(type.attributes, {}, true);
    return nonNull(g, stripped(type), 'default');
  };
  /** `all`: the object is the API's own, whatever its attributes say of themselves. */
  const fillObject = (inner: Schema, given: Plain, all: boolean): Plain =>
    toMap(
      Object.entries(inner).map(([name, attribute]) => {
        if (attribute.writeOnly) return [name, undefined];
        const value = given[name];
        return [
          name,
          value === undefined
            ? all || chance(g, 50) || given[name] === undefined
              ? fillType(attribute.type)
              : null
            : fill(attribute.type, value),
        ];
      }),
    );
  const fill = (type: AttributeType, value: unknown): unknown => {
    if (value === null) return null;
    if (type.kind === 'object') return fillObject(type.attributes, value as Plain, false);
    if (type.kind === 'map') return toMap(Object.entries(value as Plain).map(([key, item]) => [key, fill(type.element, item)]));
    return 'element' in type ? (value as unknown[]).map((item) => fill(type.element, item)) : value;
  };
  /** As the API tells it: sets backwards. */
  const tell = (type: AttributeType, value: unknown): unknown => {
    if (value === null || value === undefined) return value;
    if (type.kind === 'object') {
      return toMap(Object.entries(type.attributes).map(([name, inner]) => [name, tell(inner.type, (value as Plain)[name])]));
    }
    if (type.kind === 'map') return toMap(Object.entries(value as Plain).map(([key, item]) => [key, tell(type.element, item)]));
    if (!('element' in type)) return value;
    const items = (value as unknown[]).map((item) => tell(type.element, item));
    return type.kind === 'set' ? items.reverse() : items;
  };
  const answer = (object: Plain): ReturnedOf<Schema> =>
    toMap(
      Object.entries(schema).map(([name, { type, remembered }]) => [name, remembered ? undefined : tell(type, object[name])]),
    ) as ReturnedOf<Schema>;
  const write = (call: string, key: string, given: Plain): ReturnedOf<Schema> => {
    calls.push(call);
    const made = fillObject(schema, given, false);
    objects.set(key, made);
    // What was said to it need not be said back.
    const silent = new Set(Object.keys(schema).filter((name) => isWhole(given[name]) && chance(g, 50)));
    const told = toMap(Object.entries(answer(made)).map(([name, value]) => [name, silent.has(name) ? undefined : value]));
    return (api.sabotage === null ? told : api.sabotage(call, told, given)) as ReturnedOf<Schema>;
  };

  const resource = resourceFor<null>()({
    name: 'random',
    description: 'Random.',
    schema,
    key: ['name'],
    import: { form: 'NAME', toKey: (id) => ({ name: id }), toId: (key) => String(key['name']) },
    find: async (key) => {
      const object = objects.get(String(key['name']));
      return object === undefined ? null : { state: answer(object), managed: null };
    },
    read: async (state) => {
      const object = objects.get(String(state['name']));
      return object === undefined ? null : answer(object);
    },
    create: async (planned) => write('create', String(planned['name']), planned),
    update: async (planned) => write('update', String(planned['name']), planned),
    delete: async (state) => {
      calls.push('delete');
      if (api.sabotage !== null) api.sabotage('delete', {}, null);
      objects.delete(String(state['name']));
    },
  });
  const api: RandomApi = { resource: resource as AnyResource<null>, objects, sabotage: null, calls };
  return api;
}

/** Is nothing in it left to the API? */
const isWhole = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.values(value).every(isWhole));

/** A value of a computed collection is the API's own at every depth: nothing in it is left open. */
const stripped = (type: AttributeType): AttributeType => {
  if ('element' in type) return { kind: type.kind, element: stripped(type.element) };
  if (type.kind !== 'object') return type;
  return {
    kind: 'object',
    attributes: Object.fromEntries(
      Object.entries(type.attributes).map(([name, attribute]) => [
        name,
        attribute.writeOnly
          ? { type: stripped(attribute.type), presence: 'computed' as const, description: '' }
          : { type: stripped(attribute.type), presence: 'required' as const, description: '' },
      ]),
    ),
  };
};
