// Random plan documents, as Terraform writes them: every kind of action, marks and unknown values at random places, drift, deferred
// changes, outputs, conditions, action invocations, imports, moves, deposed objects, and actions that do not exist yet.
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json.ts';

/** What the strings of a document are made of. */
export interface Words {
  /** Values, keys of maps, messages of conditions. */
  readonly text: fc.Arbitrary<string>;
  /** Names, addresses, and words of Terraform's own. */
  readonly name: fc.Arbitrary<string>;
  /** What stands at marked places. */
  readonly secret: fc.Arbitrary<string>;
}

export type JsonMap = { [key: string]: Json };

/** One side of a change with its marks and what is unknown of it. */
interface Side {
  readonly value: Json;
  readonly marks: Json;
  readonly unknown: Json;
}

// Own properties, also `__proto__`: what JSON.parse makes of a document.
function toMap(entries: readonly (readonly [string, Json])[]): Json {
  const parts = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${parts.join(',')}}`) as Json;
}

const NUMBERS = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, 1, 0.5, -1, 9007199254740993, 1e21),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

function sides({ text, secret }: Words): fc.Arbitrary<Side> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('id', 'name', 'tags', 'policy', 'ingress', 'a b', '0', '__proto__', 'constructor') },
    { weight: 1, arbitrary: text },
  );
  const plain: fc.Arbitrary<Json> = fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 1, arbitrary: text.map((one) => `${one}\n${one}\nlast ${one}\n`) },
    { weight: 1, arbitrary: fc.tuple(text, text).map(([a, b]) => JSON.stringify({ Statement: [{ Sid: a, Action: [b, a] }], n: 1 })) },
    { weight: 1, arbitrary: fc.tuple(text, text).map(([a, b]) => `a:\n  - ${JSON.stringify(a)}\n  - b: ${JSON.stringify(b)}\n`) },
    { weight: 1, arbitrary: NUMBERS },
    { weight: 1, arbitrary: fc.constantFrom(true, false, null, '', ' ', '  \n', '[]', '{}') },
  );
  return fc.letrec<{ node: Side; secretTree: Json }>((tie) => ({
    secretTree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      secret,
      fc.array(tie('secretTree'), { maxLength: 2 }),
      fc.uniqueArray(fc.tuple(key, tie('secretTree')), { maxLength: 2, selector: ([name]) => name }).map(toMap),
    ),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: plain.map((value): Side => ({ value, marks: false, unknown: false })) },
      { weight: 2, arbitrary: tie('secretTree').map((value): Side => ({ value, marks: true, unknown: false })) },
      { weight: 1, arbitrary: fc.constant<Side>({ value: null, marks: false, unknown: true }) },
      {
        weight: 2,
        arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((items): Side => ({
          value: items.map(({ value }) => value),
          marks: items.map(({ marks }) => marks),
          unknown: items.map(({ unknown }) => unknown),
        })),
      },
      {
        weight: 3,
        arbitrary: fc.uniqueArray(fc.tuple(key, tie('node')), { maxLength: 4, selector: ([name]) => name }).map((entries): Side => ({
          value: toMap(entries.filter(([, { unknown }]) => unknown !== true).map(([name, { value }]) => [name, value])),
          marks: toMap(entries.filter(([, { marks }]) => marks !== false).map(([name, { marks }]) => [name, marks])),
          unknown: toMap(entries.filter(([, { unknown }]) => unknown !== false).map(([name, { unknown }]) => [name, unknown])),
        })),
      },
    ),
  })).node;
}

const ACTIONS: readonly (readonly string[])[] = [
  ['no-op'],
  ['create'],
  ['read'],
  ['update'],
  ['update'],
  ['delete'],
  ['delete', 'create'],
  ['create', 'delete'],
  ['forget'],
  ['create', 'forget'],
  ['open'],
  ['renovate', 'repaint'],
];

/** A list that a plan may have, leave out or give as null: mostly short. */
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(arbitrary, { maxLength });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });

function changes(words: Words, actions: readonly (readonly string[])[] = ACTIONS): fc.Arbitrary<JsonMap> {
  const side = sides(words);
  const step = fc.oneof(words.text, fc.nat(3), fc.constantFrom('id', 'name', 'tags'));
  return fc
    .record({
      actions: fc.constantFrom(...actions),
      before: side,
      after: side,
      same: fc.boolean(),
      replacePaths: some(fc.array(step, { maxLength: 3 })),
      importing: maybe(
        fc.record({ id: fc.option(words.text), identity: maybe(words.text.map((one) => ({ arn: one }))) }, { requiredKeys: ['id'] }),
      ),
      generated: maybe(words.text),
    })
    .map(({ actions, before, after, same, replacePaths, importing, generated }) => {
      const isNew = actions[0] === 'create' && actions.length === 1;
      const isGone = (actions[0] === 'delete' || actions[0] === 'forget') && actions.length === 1;
      const next = same ? before : after;
      return dropUndefined({
        actions: [...actions],
        before: isNew ? null : before.value,
        after: isGone ? null : next.value,
        after_unknown: isGone ? false : next.unknown,
        before_sensitive: isNew ? false : before.marks,
        after_sensitive: isGone ? false : next.marks,
        replace_paths: replacePaths.length === 0 ? undefined : replacePaths,
        importing: importing === undefined ? undefined : dropUndefined(importing),
        generated_config: generated,
      });
    });
}

const dropUndefined = (map: { [key: string]: Json | undefined }): JsonMap =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, Json] => entry[1] !== undefined));

function resources(words: Words): fc.Arbitrary<JsonMap> {
  return fc
    .record({
      address: words.name,
      previous_address: maybe(words.name),
      module_address: maybe(words.name),
      mode: fc.constantFrom('managed', 'managed', 'data', 'ephemeral'),
      type: words.name,
      name: words.name,
      index: maybe(fc.oneof(words.name, fc.nat(9))),
      provider_name: maybe(words.name),
      deposed: maybe(words.name),
      action_reason: maybe(
        fc.oneof(fc.constantFrom('replace_because_tainted', 'replace_because_cannot_update', 'delete_because_each_key'), words.name),
      ),
      change: changes(words),
    })
    .map(dropUndefined);
}

const STATUSES = ['pass', 'fail', 'error', 'unknown', 'undecided'] as const;

function conditions({ name, text }: Words): fc.Arbitrary<JsonMap> {
  const address = fc.record({ to_display: name, kind: fc.constantFrom('check', 'resource', 'output_value', 'var', 'else') });
  const problems = some(text.map((message) => ({ message })));
  return fc.record({
    address,
    status: fc.constantFrom(...STATUSES),
    instances: some(fc.record({ address: name.map((to_display) => ({ to_display })), status: fc.constantFrom(...STATUSES), problems })),
  });
}

function invocations(words: Words): fc.Arbitrary<JsonMap> {
  const trigger = fc.record({
    triggering_resource_address: words.name,
    action_trigger_event: fc.oneof(fc.constant('AfterCreate'), words.name),
  });
  return fc
    .record({ address: words.name, type: words.name, name: words.name, config: sides(words), lifecycle_action_trigger: maybe(trigger) })
    .map(({ config, ...rest }) => ({
      ...dropUndefined(rest),
      config_values: config.value,
      config_sensitive: config.marks,
      config_unknown: config.unknown,
    }));
}

/** A plan document; every part of it may be missing. */
export function planDocuments(words: Words): fc.Arbitrary<JsonMap> {
  const output = changes(words, [['no-op'], ['create'], ['update'], ['delete'], ['renovate']]);
  return fc
    .record(
      {
        format_version: fc.constant('1.2'),
        terraform_version: fc.oneof(fc.constant('1.14.1'), words.name),
        resource_changes: some(resources(words), 6),
        resource_drift: some(resources(words), 2),
        relevant_attributes: some(words.name.map((resource) => ({ resource, attribute: ['id'] }))),
        output_changes: fc.uniqueArray(fc.tuple(words.name, output), { maxLength: 3, selector: ([name]) => name }).map(toMap),
        deferred_changes: some(fc.record({ reason: words.name, resource_change: resources(words) }), 2),
        checks: some(conditions(words), 2),
        action_invocations: some(invocations(words), 2),
        deferred_action_invocations: some(fc.record({ reason: words.name, action_invocation: invocations(words) }), 1),
        variables: words.secret.map((value) => ({ token: { value } })),
        configuration: fc.constant({ root_module: { variables: { token: { sensitive: true } } } }),
        errored: fc.boolean(),
        complete: fc.boolean(),
        applyable: fc.boolean(),
      },
      { requiredKeys: ['format_version', 'resource_changes', 'configuration', 'variables'] },
    )
    .map((document) => document as JsonMap);
}
