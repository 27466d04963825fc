// `attributes` and `name` of the kind `require`: what a value must be, and that missing, null, empty, unknown and sensitive are told apart.
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { aChange, aPlan } from '../builders.ts';
import { runKind } from '../run-kind.ts';

const X = 'aws_x.a';
const created = (after: Json, over: Partial<ResourceChange> = {}): Plan => aPlan([aChange(X, 'create', { after, ...over })]);
const told = async (attributes: object, plan: Plan, over: object = {}): Promise<readonly string[]> =>
  (await runKind('require', { attributes, ...over }, plan)).told.map((line) => line.replace(`${X}: `, ''));

describe('a value', () => {
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: ['a', 'b'] } });
  const after = {
    on: true,
    off: false,
    size: 5,
    text: 'prod-a',
    port: '22',
    list: ['a', 'b'],
    none: [],
    nothing: null,
    map: { k: 1 },
    block: [{ on: true }],
    policy,
  };
  it.each<[string, unknown, string | null]>([
    ['on', true, null],
    ['on', 'true', null],
    ['off', true, 'off is false, must be true'],
    ['size', 5, null],
    ['size', '5', null],
    ['size', [4, 5], null],
    ['size', [3, 4], 'size is 5, must be one of 3, 4'],
    ['size', { at_most: 4 }, 'size is 5, must be at most 4'],
    ['size', { at_least: 5, at_most: 9 }, null],
    ['port', { at_least: 22, at_most: 22 }, null],
    ['text', { at_most: 4 }, 'text is a string, not a number; must be at most 4'],
    ['text', { glob: 'prod-*' }, null],
    ['text', { glob: ['dev-*', 'test-?'] }, 'text is "prod-a", must match "dev-*" or "test-?"'],
    ['text', { matches: '^prod-' }, null],
    ['text', { matches: '^(dev|test)-' }, 'text is "prod-a", must match "^(dev|test)-"'],
    ['text', { not_matches: 'prod' }, 'text is "prod-a", must not match "prod"'],
    ['text', { is_not: 'prod-a' }, 'text is "prod-a", must not be "prod-a"'],
    ['text', { not_in: ['x', 'y'] }, null],
    ['text', { contains: 'od' }, null],
    ['text', { size_at_most: 3 }, 'text is "prod-a", must have a size of at most 3'],
    ['list', { contains: 'a' }, null],
    ['list', { not_contains: 'a' }, 'list is a list of 2, must not contain "a"'],
    ['list', { size_at_least: 3 }, 'list is a list of 2, must have a size of at least 3'],
    ['list', 'a', 'list is a list, not a single value: ask its items with [*], or `contains`; must be "a"'],
    ['list[*]', ['a'], 'list[1] is "b", must be one of "a"'],
    ['list[0]', 'a', null],
    ['list[7]', 'a', 'list[7] is missing, must be "a"'],
    ['list.x', 'a', 'list is a list of 2: write [*] or the index of one; must be "a"'],
    ['map', { contains: 'k' }, null],
    ['map["k"]', 1, null],
    ['map.other', 1, 'map.other is missing, must be 1'],
    ['block.on', true, null],
    ['block[0].on', false, 'block[0].on is true, must be false'],
    ['none', { present: true }, 'none is an empty list, must be set'],
    ['none', { present: false }, null],
    ['none[*].x', 'a', null],
    ['nothing', { present: true }, 'nothing is not set, must be set'],
    ['nothing', null, null],
    ['nothing', 'x', 'nothing is not set, must be "x"'],
    ['nothing', { is_not: 'x' }, null],
    ['nothing[*].x', 'a', null],
    ['absent', { present: true }, 'absent is missing'],
    ['absent', { present: false }, null],
    ['absent', { is_not: 'x' }, 'absent is missing, must not be "x"'],
    ['absent[*].x', 'a', 'absent[*].x is missing, must be "a"'],
    ['constructor', { present: true }, 'constructor is missing'],
    ['policy.Statement[*].Effect', 'Deny', 'policy.Statement.Effect is "Allow", must be "Deny"'],
    ['policy.Statement.Action[*]', { not_contains: 'b' }, 'policy.Statement.Action[1] is "b", must not contain "b"'],
    ['text.x', 1, 'text is a text without JSON, nothing is inside of it; must be 1'],
    ['on.x', 1, 'on is a boolean, nothing is inside of it; must be 1'],
  ])('%s: %j', async (path, expectation, expected) =>
    expect(await told({ [path]: expectation }, created(after))).toEqual(expected === null ? [] : [`error ${expected}`]),
  );

  it.each<[string, unknown, boolean]>([
    ['10.1.0.0/16', ['10.0.0.0/8'], true],
    ['10.0.0.0/7', ['10.0.0.0/8'], false],
    ['2001:db8:1::/48', ['10.0.0.0/8', '2001:db8::/32'], true],
    ['not a network', ['10.0.0.0/8'], false],
  ])('%s within %j: %s', async (cidr, within, isWithin) =>
    expect(await told({ cidr: { within } }, created({ cidr }))).toHaveLength(isWithin ? 0 : 1),
  );

  it('is not asked for when it is missing and the author says so', async () => {
    const rule = { absent: 'x', nothing: { at_least: 1 }, none: { present: true }, here: 'x' };
    expect(await told(rule, created({ nothing: null, none: [], here: 'y' }), { unless_missing: true })).toEqual([
      'error here is "y", must be "x"',
    ]);
  });

  it('is quoted only if it is short: of a long one the masker could not find a secret that was cut', async () => {
    expect(await told({ a: 'x' }, created({ a: 'y'.repeat(81) }))).toEqual(['error a is a text of 81 characters, must be "x"']);
  });

  it('that is sensitive is judged and not quoted, as a whole or inside of something', async () => {
    const plan = created(
      { pw: 'hunter2-hunter2', block: [{ key: 'hunter3-hunter3' }] },
      { afterSensitive: { pw: true, block: [{ key: true }] } },
    );
    expect(await told({ 'pw': 'x', 'block.key': 'y' }, plan)).toEqual([
      'error pw is (sensitive value), must be "x"',
      'error block[0].key is (sensitive value), must be "y"',
    ]);
    expect(await told({ pw: 'hunter2-hunter2' }, plan)).toEqual([]);
  });

  it('is as sensitive as what holds it, however short it is', async () => {
    const plan = created({ map: { k: true } }, { afterSensitive: { map: true } });
    expect(await told({ 'map.k': false }, plan)).toEqual(['error map.k is (sensitive value), must be false']);
  });

  it('of something that is deleted is the one before, and only on request', async () => {
    const plan = aPlan([aChange(X, 'delete', { before: { keep: true } })]);
    expect(await told({ keep: false }, plan)).toEqual([]);
    expect(await told({ keep: false }, plan, { actions: ['delete'] })).toEqual(['error keep is true, must be false']);
  });
});

describe('a value that is known only after apply', () => {
  const expressions = {
    by_reference: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] },
    by_null: { references: ['var.key'] },
    constant_null: { constant_value: null },
  };
  const resource = { address: X, module: '', mode: 'managed', type: 'aws_x', name: 'a', provider: null, expressions };
  const configuration = { providers: [], modules: [], resources: [resource] };
  const unknown = { by_reference: true, by_null: true, constant_null: true, computed: true };
  const plan = aPlan([aChange(X, 'create', { after: {}, unknown })], { configuration, variables: new Map([['key', null]]) });

  it('fails, is a warning or passes, as the author says', async () => {
    const said = 'by_reference is known only after apply, must be "x"';
    expect(await told({ by_reference: 'x' }, plan)).toEqual([`error ${said}`]);
    expect(await told({ by_reference: 'x' }, plan, { unknown: 'warn' })).toEqual([`warning ${said}`]);
    expect(await told({ by_reference: 'x' }, plan, { unknown: 'pass' })).toEqual([]);
  });

  it('is present when the configuration sets it to what is not known yet, and only then', async () => {
    expect(await told({ by_reference: { present: true } }, plan)).toEqual([]);
    expect(await told({ by_reference: { present: false } }, plan)).toEqual(['error by_reference is set, must not be set']);
    for (const name of ['by_null', 'constant_null'])
      expect(await told({ [name]: { present: true } }, plan)).toEqual([`error ${name} is known only after apply, must be set`]);
    expect(await told({ computed: { present: true } }, plan)).toEqual([
      'error computed is not set in the configuration and known only after apply, must be set',
    ]);
    expect(await told({ computed: { present: true } }, plan, { unless_missing: true })).toEqual([]);
    expect(await told({ by_reference: { present: true } }, { ...plan, configuration: null })).toHaveLength(1);
  });

  it('may be the work of the provider where it stands below what is set: only keys of tags come surely from the configuration', async () => {
    const below = { settings: { references: ['aws_y.b'] }, tags: { references: ['aws_y.b'] } };
    const nested = aPlan(
      [aChange(X, 'create', { after: { settings: {}, tags: {} }, unknown: { settings: { id: true }, tags: { id: true } } })],
      {
        configuration: { ...configuration, resources: [{ ...resource, expressions: below }] },
      },
    );
    expect(await told({ 'settings.id': { present: true } }, nested)).toEqual(['error settings.id is known only after apply, must be set']);
    expect(await told({ 'tags.id': { present: true } }, nested)).toEqual([]);
  });

  it('comes through the variables of modules', async () => {
    const address = 'module.m["k"].aws_x.a';
    const inner = { ...resource, address: 'module.m.aws_x.a', module: 'module.m', expressions: { key: { references: ['var.given'] } } };
    const call = (references: string[]): Plan =>
      aPlan([aChange(address, 'create', { after: {}, unknown: { key: true } })], {
        configuration: {
          providers: [],
          resources: [inner],
          modules: [{ address: 'module.m', name: 'm', module: '', source: './m', version: null, expressions: { given: { references } } }],
        },
      });
    expect(await told({ key: { present: true } }, call(['aws_kms_key.k.arn']))).toEqual([]);
    expect(await told({ key: { present: true } }, call(['var.key']))).toHaveLength(1);
  });

  it('is not present for a name that may stand for null: of a function, a local value, an item, an output', async () => {
    const inModule = (outputs: Json, ...references: string[]): Plan => {
      const m = { address: 'module.m', name: 'm', module: '', source: './m', version: null, expressions: {}, outputs };
      const deep = {
        ...m,
        address: 'module.m.module.deep',
        name: 'deep',
        module: 'module.m',
        outputs: { id: { expression: { references: ['aws_y.b'] } } },
      };
      return aPlan([aChange(X, 'create', { after: {}, unknown: { key: true } })], {
        configuration: { ...configuration, modules: [m, deep], resources: [{ ...resource, expressions: { key: { references } } }] },
      });
    };
    const asks = { key: { present: true } };
    const output = (...references: string[]): Json => ({ key: { expression: { references } } });
    expect(await told(asks, inModule({}))).toHaveLength(1);
    for (const name of ['local.key', 'each.value.key', 'self.key']) expect(await told(asks, inModule({}, name))).toHaveLength(1);
    // locals { key = null } in a module, and an output of it.
    expect(await told(asks, inModule(output('local.key'), 'module.m.key', 'module.m'))).toHaveLength(1);
    expect(await told(asks, inModule({ key: { expression: { constant_value: null } } }, 'module.m.key', 'module.m'))).toHaveLength(1);
    expect(await told(asks, inModule(output('aws_y.b.id'), 'module.m.key', 'module.m'))).toEqual([]);
    expect(await told(asks, inModule(output('module.deep.id', 'module.deep'), 'module.m.key', 'module.m'))).toEqual([]);
    expect(await told(asks, inModule(output('aws_y.b.id'), 'module.m["a.b"].key', 'module.m["a.b"]', 'module.m'))).toEqual([]);
    expect(await told(asks, inModule({ ...(output('aws_y.b.id') as object), none: {} }, 'module.m.none', 'module.m'))).toHaveLength(1);
    expect(await told(asks, inModule(output('aws_y.b.id'), 'module.m', 'each.key'))).toEqual([]);
    expect(await told(asks, inModule({}, 'local.key', 'aws_y.b.id'))).toEqual([]);
  });

  it('is traced in time that does not double with each module', async () => {
    const depth = 60;
    const addressOf = (level: number): string => Array.from({ length: level }, () => 'module.m').join('.');
    const both = { references: ['var.a', 'var.b'] };
    const modules = Array.from({ length: depth }, (_, i) => {
      return {
        address: addressOf(i + 1),
        name: 'm',
        module: addressOf(i),
        source: './m',
        version: null,
        expressions: { a: both, b: both },
      };
    });
    const address = `${addressOf(depth)}.aws_x.a`;
    const inner = { ...resource, address, module: addressOf(depth), expressions: { key: both } };
    const nested = aPlan([aChange(address, 'create', { after: {}, unknown: { key: true } })], {
      configuration: { providers: [], modules, resources: [inner] },
    });
    expect(await told({ key: { present: true } }, nested)).toHaveLength(1);
  });

  it('settles nothing where a part that is known does', async () => {
    const list = aPlan([aChange(X, 'create', { after: { list: ['a', null] }, unknown: { list: [false, true] } })]);
    expect(await told({ list: { contains: 'a' } }, list)).toEqual([]);
    expect(await told({ list: { not_contains: 'a' } }, list)).toEqual(['error list is a list of 2, must not contain "a"']);
    expect(await told({ list: { not_contains: 'b' } }, list)).toEqual(['error list is known only after apply, must not contain "b"']);
    expect(await told({ list: { size_at_most: 2 } }, list)).toEqual([]);
    expect(await told({ 'list[*]': 'a' }, list)).toEqual(['error list[1] is known only after apply, must be "a"']);
  });
});

describe('a rule', () => {
  it('is asked of the changes that types, addresses, modules and actions leave', async () => {
    const at = (address: string, action = 'create'): ResourceChange => aChange(address, action, { after: { on: false } });
    const plan = aPlan([
      at('aws_x.a'),
      at('aws_x.b["k"]', 'update'),
      at('aws_x.c', 'no-op'),
      at('aws_y.a'),
      at('module.m[0].module.n.aws_x.a'),
      at('aws_x.d', 'create+forget'),
    ]);
    const asked = async (selection: object): Promise<(string | null)[]> =>
      (await runKind('require', { ...selection, attributes: { on: true } }, plan)).findings.map(({ address }) => address);
    expect(await asked({ types: ['aws_x'] })).toEqual(['aws_x.a', 'aws_x.b["k"]', 'module.m[0].module.n.aws_x.a', 'aws_x.d']);
    expect(await asked({ types: ['aws_x'], modules: ['module.m'] })).toEqual(['module.m[0].module.n.aws_x.a']);
    expect(await asked({ addresses: ['aws_x.b'] })).toEqual(['aws_x.b["k"]']);
    expect(await asked({ types: ['aws_x'], actions: ['no-op'] })).toEqual(['aws_x.c', 'aws_x.d']);
  });

  it("says the author's words first, and which attribute it is about", async () => {
    const { findings } = await runKind('require', { attributes: { on: true } }, created({ on: false }), { message: 'Switch it on.' });
    expect(findings.map(({ message }) => message)).toEqual(['Switch it on: on is false, must be true']);
  });

  it('asks for names', async () => {
    const { told: said } = await runKind(
      'require',
      { name: { matches: '^[a-z]{3,}$' } },
      aPlan([aChange('aws_x.net', 'create'), aChange('aws_x.A', 'create')]),
    );
    expect(said).toEqual(['error aws_x.A: The name "A" must match "^[a-z]{3,}$"']);
  });

  it('explains what it saw, and that it was asked of nothing', async () => {
    expect((await runKind('require', { attributes: { on: true } }, created({ on: true }))).explained).toEqual(['aws_x.a: is as required']);
    expect((await runKind('require', { types: ['aws_z'], attributes: { on: true } }, created({}))).explained).toEqual([
      'the plan: none of its 1 changes is asked: types, addresses, modules or actions leave all out',
    ]);
  });

  it('tells a thousand findings and counts the rest', async () => {
    const plan = aPlan(Array.from({ length: 1002 }, (_, i) => aChange(`aws_x.a[${i}]`, 'create', { after: {}, unknown: { on: true } })));
    const { findings, status } = await runKind('require', { attributes: { on: true }, unknown: 'warn' }, plan);
    expect([findings.length, status, findings.at(-1)?.standsFor]).toEqual([1001, 'passed', 2]);
  });
});
