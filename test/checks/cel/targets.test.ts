// What a rule can be asked of besides resources, its params, and whom it is not asked of.
import { describe, expect, it } from '@jest/globals';
import type { ModuleCall, PlanConfiguration, ProviderConfiguration } from '../../../src/plan/model.ts';
import { aChange, aPlan } from '../builders.ts';
import { judge } from './judge.ts';

const aCall = (over: Partial<ModuleCall>): ModuleCall => ({
  address: 'module.net',
  name: 'net',
  module: '',
  source: './net',
  version: null,
  expressions: {},
  ...over,
});
const aProvider = (over: Partial<ProviderConfiguration>): ProviderConfiguration => ({
  key: 'aws',
  name: 'aws',
  fullName: 'registry.terraform.io/hashicorp/aws',
  alias: null,
  version: '~> 5.0',
  module: '',
  expressions: {},
  ...over,
});
const PLAN = aPlan([], {
  configuration: {
    resources: [],
    modules: [
      aCall({}),
      aCall({ address: 'module.net.module.vpc', name: 'vpc', module: 'module.net', source: 'acme/vpc/aws', version: '1.2.0' }),
      aCall({ address: 'module.loose', name: 'loose', source: 'acme/loose/aws', expressions: { size: { constant_value: 3 } } }),
    ],
    providers: [
      aProvider({ expressions: { region: { constant_value: 'eu-west-1' } } }),
      aProvider({ key: 'aws.us', alias: 'us', version: null, expressions: { region: { references: ['var.region'] } } }),
      aProvider({ key: 'old', name: 'old', fullName: null, module: 'module.net' }),
    ],
  } satisfies PlanConfiguration,
});

describe('modules', () => {
  it('are asked of by their calls, nested ones too', () => {
    const spec = { for: 'modules', assert: 'false', message: '${address} ${name} ${module} ${source} ${version} ${expressions}' };
    expect(judge(spec, PLAN).findings).toEqual([
      { message: 'module.net net  ./net null {}', address: 'module.net', action: null },
      { message: 'module.net.module.vpc vpc module.net acme/vpc/aws 1.2.0 {}', address: 'module.net.module.vpc', action: null },
      { message: 'module.loose loose  acme/loose/aws null {"size":{"constant_value":3}}', address: 'module.loose', action: null },
    ]);
  });

  it('can be left out by address', () => {
    const spec = { for: 'modules', when: '!source.glob("./*")', assert: 'version != null', message: '${address}' };
    expect(judge(spec, PLAN).findings.map(({ message }) => message)).toEqual(['module.loose']);
    expect(judge(spec, PLAN, { except: ['module.loose'] }).findings).toEqual([]);
  });
});

describe('providers', () => {
  it('are asked of by their configurations', () => {
    const spec = { for: 'providers', assert: 'false', message: '${key} ${name} ${full_name} ${alias} ${version} ${module} ${expressions}' };
    expect(judge(spec, PLAN).findings.map(({ message, address }) => [message, address])).toEqual([
      ['aws aws registry.terraform.io/hashicorp/aws null ~> 5.0  {"region":{"constant_value":"eu-west-1"}}', null],
      ['aws.us aws registry.terraform.io/hashicorp/aws us null  {"region":{"references":["var.region"]}}', null],
      ['old old null null ~> 5.0 module.net {}', null],
    ]);
  });

  it('say where they cannot be evaluated', () => {
    const { findings, problems } = judge({ for: 'providers', assert: 'expressions.region.constant_value == "eu-west-1"' }, PLAN);
    expect([findings, problems]).toEqual([
      [],
      [
        expect.stringContaining(
          'No such key: constant_value. Ask `has(…)` first, or exclude such resources with `when` (at provider aws.us)',
        ),
        expect.stringContaining('No such key: region'),
      ],
    ]);
  });
});

it.each(['modules', 'providers'])('a plan without its configuration has no answer for %s', (target) => {
  for (const configuration of [null, undefined])
    expect(judge({ for: target, assert: 'true' }, aPlan([], configuration === undefined ? {} : { configuration }))).toMatchObject({
      findings: [],
      problems: [`\`for: ${target}\` needs the configuration in the plan, and this plan does not have it (it may be a redacted one)`],
      problemCount: 1,
    });
});

describe('params', () => {
  const params = { regions: ['eu-west-1'], max: 5, nested: { deep: [{ a: null }] } };
  it.each(['resource_changes', 'drift', 'outputs', 'modules', 'providers', 'plan'])('are there for %s', (target) => {
    const change = aChange('aws_x.a', 'update');
    const plan = { ...PLAN, changes: [change], drift: [change] };
    const assert = 'params.regions == ["eu-west-1"] && params.max * 2 == 10 && !has(params.nested.deep[0].a) && !has(params.other)';
    expect(judge({ for: target, assert }, plan, { params })).toMatchObject({ findings: [], problems: [] });
  });

  it('that are not there are a mistake', () =>
    expect(judge({ for: 'plan', assert: 'params.nope == 1' }, PLAN, { params }).problems[0]).toContain('No such key: nope'));
});

it('an excepted resource is not asked of, also where it would have no answer', () => {
  const changes = [aChange('aws_x.a["k"]', 'update', { after: { n: 1 } }), aChange('aws_x.b', 'update')];
  const spec = { assert: 'after.n == 1' };
  expect(judge(spec, aPlan(changes)).problemCount).toBe(1);
  expect(judge(spec, aPlan(changes), { except: ['aws_x.b'] })).toMatchObject({ findings: [], problemCount: 0 });
});

describe('which attribute a finding is about', () => {
  it.each([
    ['after.acl == "private"', 'acl'],
    ['!has(after.acl) || after.acl == "private"', 'acl'],
    ['after.a == 1 && after.b == 2', undefined],
    ['type == "x"', undefined],
  ])('%s: %j', (assert, attribute) => {
    const change = aChange('aws_x.a', 'update', { after: { acl: 'public', a: 1, b: 1 } });
    expect(judge({ assert }, aPlan([change])).findings.map((finding) => finding.attribute)).toEqual([attribute]);
  });
});

describe('explain', () => {
  it('tells of each subject whether it was asked, what the answer was, and the values that the rule names', () => {
    const changes = [
      aChange('aws_x.bad', 'update', { after: { 'acl': 'public', 'pw': 'hunter2', 'a b': [1] }, afterSensitive: { pw: true } }),
      aChange('aws_x.open', 'create', { after: { 'acl': null, 'a b': ['x'] }, unknown: { pw: true } }),
      aChange('aws_x.gone', 'delete'),
      aChange('aws_x.same', 'no-op'),
      aChange('aws_y.other', 'update', { after: { acl: 'x' } }),
      aChange('aws_x.excepted', 'update'),
      aChange('aws_x.broken', 'update'),
    ];
    const spec = {
      when: 'type == "aws_x" && params.on',
      assert: 'after.pw != "hunter2" || after["a b"].all(i, i == after.acl)',
      unknown: 'warn',
    };
    const over = { params: { on: true }, explain: true, except: ['*.excepted'] };
    expect(judge(spec, aPlan(changes), over).explained).toEqual([
      [
        'aws_x.bad',
        '`assert` is false; type = "aws_x", params.on = true, after.pw = "(sensitive value)", after["a b"] = [1], after.acl = "public"',
      ],
      [
        'aws_x.open',
        'aws_x.open cannot be judged before apply: pw is known only after apply, and `assert` needs it (`unknown: warn`); type = "aws_x", params.on = true, after.pw = "(known after apply)", after["a b"] = ["x"], after.acl = null',
      ],
      ['aws_x.gone', expect.stringMatching(/^not asked: it will be gone \(delete\), and the rule looks only into `after`; /)],
      ['aws_x.same', expect.stringMatching(/^not asked: nothing changes \(no-op\), and no `when` speaks of actions; type = /)],
      ['aws_y.other', expect.stringMatching(/^not asked: `when` is false; type = "aws_y"/)],
      ['aws_x.excepted', expect.stringMatching(/^not asked: the check excepts it; /)],
      ['aws_x.broken', expect.stringMatching(/^`assert` could not be evaluated: No such key: /)],
    ]);
    expect(judge({ assert: 'true' }, aPlan(changes.slice(3, 4)), { explain: true }).explained).toEqual([
      ['aws_x.same', 'not asked: nothing changes (no-op), and no `when` speaks of actions'],
    ]);
    expect(judge(spec, aPlan(changes), { params: { on: true } }).explained).toEqual([]);
  });

  it('cuts through no value, because half a secret is not found by a masker', () => {
    const secret = 'hunter2-hunter2-hunter2';
    const of = (connection: string) =>
      judge({ assert: 'after.url != ""' }, aPlan([aChange('aws_x.y', 'update', { after: { url: connection } })]), { explain: true })
        .explained[0]?.[1];
    expect(of(`${'x'.repeat(90)}${secret}`)).toBe(`\`assert\` is true; after.url = "${'x'.repeat(90)}${secret}"`);
    expect(of(`${'x'.repeat(1990)}${secret}`)).toBe('`assert` is true; after.url = (2015 characters)');
  });
});
