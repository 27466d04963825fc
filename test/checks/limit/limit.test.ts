// The kind `limit`: budgets, types, regions, providers and module sources.
import { describe, expect, it } from '@jest/globals';
import { limitSchema } from '../../../src/contracts/check-kinds.ts';
import type { Json } from '../../../src/contracts/json.ts';
import type { ModuleCall, Plan, PlanConfiguration, ProviderConfiguration, ResourceChange } from '../../../src/plan/model.ts';
import { toConfiguration } from '../../../src/plan/configuration.ts';
import { aChange, aPlan } from '../builders.ts';
import { runKind } from '../run-kind.ts';

const told = async (spec: object, plan: Plan, over: object = {}): Promise<readonly string[]> =>
  (await runKind('limit', spec, plan, over)).told;
const configuration = (over: Partial<PlanConfiguration>): Partial<Plan> => ({
  configuration: { providers: [], modules: [], resources: [], ...over },
});

describe('a budget', () => {
  const plan = aPlan([
    aChange('aws_x.c', 'create'),
    aChange('aws_x.u', 'update'),
    aChange('aws_x.r', 'replace'),
    aChange('aws_x.r2', 'replace', { actions: ['create', 'delete'] }),
    aChange('aws_x.d', 'delete'),
    aChange('aws_x.d', 'delete', { deposed: '8f1c' }),
    aChange('aws_x.f', 'forget'),
    aChange('aws_x.i', 'no-op', { importing: { id: 'i' } }),
    aChange('aws_x.n', 'no-op'),
    aChange('data.aws_x.q', 'read', { mode: 'data' }),
  ]);
  it.each([
    ['create', 3, 'created', ['aws_x.c', 'aws_x.r', 'aws_x.r2']],
    ['update', 1, 'updated', ['aws_x.u']],
    ['replace', 2, 'replaced', ['aws_x.r', 'aws_x.r2']],
    ['delete', 2, 'deleted', ['aws_x.d', 'aws_x.d']],
    ['destroy', 4, 'destroyed', ['aws_x.r', 'aws_x.r2', 'aws_x.d', 'aws_x.d']],
    ['import', 1, 'imported', ['aws_x.i']],
    ['forget', 1, 'forgotten', ['aws_x.f']],
  ])('%s: %d', async (name, count, words, addresses) => {
    expect(await told({ [name]: count }, plan)).toEqual([]);
    const subject = count === 1 ? '1 resource' : `${count} resources`;
    expect(await told({ [name]: count - 1 }, plan)).toEqual([
      `error ${subject} would be ${words}, at most ${count - 1} may be: ${addresses.join(', ')}`,
    ]);
  });

  it('of all changes names the first five', async () => {
    expect(await told({ changes: 8 }, plan)).toEqual([]);
    expect(await told({ changes: 2 }, plan)).toEqual([
      'error 8 resources would be changed, at most 2 may be: aws_x.c, aws_x.u, aws_x.r, aws_x.r2, aws_x.d and 3 more',
    ]);
  });

  it('of all changes counts what actions are invoked', async () => {
    const plan = aPlan([aChange('aws_x.c', 'create')]);
    const invoking = { ...plan, counts: { ...plan.counts, invoke: 2 } };
    expect(await told({ changes: 3 }, invoking)).toEqual([]);
    expect(await told({ changes: 2 }, invoking)).toEqual([
      'error 3 resources would be changed, at most 2 may be: aws_x.c and 2 invocations of actions',
    ]);
    expect(await told({ changes: 1, types: ['aws_x'] }, invoking)).toEqual([]);
    expect(await told({ changes: 0 }, { ...aPlan(), counts: { ...plan.counts, invoke: 1 } })).toEqual([
      'error 1 resource would be changed, at most 0 may be: 1 invocation of actions',
    ]);
  });

  it('counts an action that this version does not know for each of them', async () => {
    const unknown = aPlan([aChange('aws_x.a', 'frobnicate'), aChange('aws_x.b', '', { actions: [], before: {}, after: null })]);
    for (const name of ['create', 'destroy', 'forget', 'changes']) expect(await told({ [name]: 1 }, unknown)).toHaveLength(1);
  });

  it('does not count data sources, which Terraform 0.12 deleted', async () => {
    expect(await told({ destroy: 0 }, aPlan([aChange('data.aws_x.a', 'delete', { mode: 'data' })]))).toEqual([]);
  });

  it('is of the selection, without what is excepted; a moved object counts by both addresses', async () => {
    const moved = aPlan([
      aChange('module.b.aws_x.a', 'delete', { previousAddress: 'module.a.aws_x.a' }),
      aChange('module.a.aws_x.b', 'delete'),
      aChange('aws_y.c', 'delete'),
    ]);
    expect(await told({ modules: ['module.a'], destroy: 1 }, moved)).toHaveLength(1);
    expect(await told({ modules: ['module.a'], destroy: 1 }, moved, { except: 'module.a.aws_x.b' })).toEqual([]);
    expect(await told({ types: ['aws_y'], destroy: 0 }, moved)).toEqual(['error 1 resource would be destroyed, at most 0 may be: aws_y.c']);
  });
});

describe('only_types and only_providers', () => {
  it('name each resource of another type that will be there', async () => {
    const plan = aPlan([
      aChange('aws_x.a', 'create'),
      aChange('aws_y.a', 'update'),
      aChange('aws_y.b', 'delete'),
      aChange('aws_y.c', 'no-op'),
    ]);
    expect(await told({ only_types: ['aws_x'] }, plan)).toEqual(['error aws_y.a: aws_y is none of the types that may be: aws_x']);
  });

  it('name each provider once, and those of data sources that were read already', async () => {
    const at = (address: string, provider: string | null): ResourceChange => aChange(address, 'create', { provider });
    const plan = aPlan(
      [
        at('aws_x.a', 'registry.terraform.io/hashicorp/aws'),
        at('evil_x.a', 'registry.terraform.io/mallory/evil'),
        at('evil_x.b', 'registry.terraform.io/mallory/evil'),
        at('odd_x.a', null),
      ],
      configuration({
        providers: [aProvider({ key: 'external', name: 'external', fullName: 'registry.terraform.io/hashicorp2/external' })],
      }),
    );
    const only = ['registry.terraform.io/hashicorp/*'];
    expect(await told({ only_providers: only }, plan)).toEqual([
      'error The provider registry.terraform.io/hashicorp2/external is none of those that may be (registry.terraform.io/hashicorp/*)',
      'error The provider registry.terraform.io/mallory/evil is none of those that may be (registry.terraform.io/hashicorp/*), used by evil_x.a, evil_x.b',
      'error The provider (unknown, of odd_x) is none of those that may be (registry.terraform.io/hashicorp/*), used by odd_x.a',
    ]);
    expect(await told({ only_providers: only, types: ['aws_*'] }, plan)).toEqual([]);
  });
});

const aProvider = (over: Partial<ProviderConfiguration>): ProviderConfiguration => ({
  key: 'aws',
  name: 'aws',
  fullName: 'registry.terraform.io/hashicorp/aws',
  alias: null,
  version: null,
  module: '',
  expressions: {},
  ...over,
});

describe('only_regions', () => {
  const AWS = 'registry.terraform.io/hashicorp/aws';
  const regionOf = async (
    address: string,
    provider: string,
    after: Json,
    over: Partial<ResourceChange> = {},
    region: Json = {},
  ): Promise<readonly string[]> => {
    const type = address.split('.')[0] ?? '';
    const resource = { address, module: '', mode: 'managed', type, name: 'a', provider: 'p', expressions: { replica: [] } };
    const plan = aPlan([aChange(address, 'create', { after, provider, ...over })], {
      ...configuration({ resources: [resource], providers: [aProvider({ key: 'p', expressions: { region } })] }),
      variables: new Map([
        ['region', 'eu-west-1'],
        ['elsewhere', 'us-east-1'],
      ]),
    });
    return (await told({ only_regions: ['eu-*', 'europe-*', 'West Europe'] }, plan)).map((line) => line.replace(`error ${address}: `, ''));
  };
  const may = 'it may be in eu-*, europe-*, West Europe';
  const NOBODY = `Nobody can say before apply in which region it will be: the region of its provider is no constant; ${may}`;
  const CASES: [string, string, string, Json, string[], Partial<ResourceChange>?, Json?][] = [
    ['its own region', 'aws_x.a', AWS, { region: 'eu-west-1' }, []],
    ['another', 'aws_x.a', AWS, { region: 'us-east-1' }, [`It would be in "us-east-1"; ${may}`]],
    [
      'the one in its ARN, whatever the provider says',
      'aws_x.a',
      AWS,
      { arn: 'arn:aws:x:us-east-1:1:a' },
      [`It would be in "us-east-1"; ${may}`],
      {},
      { constant_value: 'eu-west-1' },
    ],
    ['that of its zone', 'aws_x.a', AWS, { availability_zone: 'us-west-2-lax-1a' }, [`It would be in "us-west-2"; ${may}`]],
    ['that of its provider', 'aws_x.a', AWS, {}, [], {}, { constant_value: 'eu-central-1' }],
    [
      'another of its provider',
      'aws_x.a',
      AWS,
      {},
      [`It would be in "us-east-1" (from the configuration of its provider); ${may}`],
      {},
      { constant_value: 'us-east-1' },
    ],
    // `replace(var.region, "eu-west", "us-east")` is written so in the plan, and its value is not.
    [
      'what is made of a variable that says a good one',
      'aws_x.a',
      AWS,
      {},
      [NOBODY.replace(';', '. It comes from a variable, which is "eu-west-1", and the plan does not tell what is made of it;')],
      {},
      { references: ['var.region'] },
    ],
    [
      'a variable that says another',
      'aws_x.a',
      AWS,
      {},
      [`It would be in "us-east-1" (from a variable, by its provider); ${may}`],
      {},
      { references: ['var.elsewhere'] },
    ],
    ['two variables', 'aws_x.a', AWS, {}, [NOBODY], {}, { references: ['var.elsewhere', 'var.region'] }],
    ['a variable that the plan does not have', 'aws_x.a', AWS, {}, [NOBODY], {}, { references: ['var.none'] }],
    ['the environment', 'aws_x.a', AWS, {}, [NOBODY]],
    ['none: IAM', 'aws_iam_role.a', AWS, {}, []],
    ['none: random', 'random_id.a', 'registry.terraform.io/hashicorp/random', {}, []],
    ['a zone of Google', 'google_x.a', 'registry.terraform.io/hashicorp/google', { zone: 'europe-west3-a' }, []],
    [
      'another of Google',
      'google_x.a',
      'registry.terraform.io/hashicorp/google',
      { zone: 'us-east1-b' },
      [`It would be in "us-east1-b"; ${may}`],
    ],
    [
      'a multi-region of Google',
      'google_x.a',
      'registry.terraform.io/hashicorp/google',
      { location: 'US' },
      [`It would be in "US"; ${may}`],
    ],
    ['none: a project of Google', 'google_project.a', 'registry.terraform.io/hashicorp/google', { name: 'x' }, []],
    ['a location of Azure', 'azurerm_x.a', 'registry.terraform.io/hashicorp/azurerm', { location: 'westeurope' }, []],
    [
      'another of Azure',
      'azurerm_x.a',
      'registry.terraform.io/hashicorp/azurerm',
      { location: 'East US' },
      [`It would be in "East US"; ${may}`],
    ],
    [
      'one of Azure that waits',
      'azurerm_x.a',
      'registry.terraform.io/hashicorp/azurerm',
      {},
      [NOBODY.replace(/: the.*constant/, '')],
      { unknown: { location: true } },
    ],
    [
      'that of a provider that is a copy of the one of AWS, under another name',
      'aws_x.a',
      'registry.terraform.io/mallory/google',
      {},
      [`It would be in "us-east-1" (from the configuration of its provider); ${may}`],
      {},
      { constant_value: 'us-east-1' },
    ],
    [
      'a copy elsewhere',
      'aws_dynamodb_table.a',
      AWS,
      { region: 'eu-west-1', replica: [{ region_name: 'eu-west-2' }, { region_name: 'us-east-1' }] },
      [`It would have a copy in "us-east-1"; ${may}`],
    ],
    ['a copy in it', 'aws_secretsmanager_secret.a', AWS, { region: 'eu-west-1', replica: [{ region: 'eu-west-2' }] }, []],
    [
      'a copy that waits',
      'aws_dynamodb_table.a',
      AWS,
      { region: 'eu-west-1', replica: [{}] },
      [`Nobody can say before apply in which region it will have a copy; ${may}`],
      { unknown: { replica: [{ region_name: true }] } },
    ],
    ['one of others', 'do_x.a', 'registry.terraform.io/do/do', { region: 'nyc1' }, [`It would be in "nyc1"; ${may}`]],
  ];
  // Rows of one length: a test with more parameters than its row has is given a callback to wait for.
  it.each(CASES.map(([what, ...row]): [string, typeof row] => [what, row]))(
    '%s',
    async (_what, [address, provider, after, expected, over, region]) =>
      expect(await regionOf(address, provider, after, over, region)).toEqual(expected),
  );

  it('takes what nobody can say as the author wants', async () => {
    const plan = aPlan([aChange('aws_x.a', 'create', { provider: AWS })]);
    expect(await told({ only_regions: ['eu-*'], unknown: 'warn' }, plan)).toEqual([
      'warning aws_x.a: Nobody can say before apply in which region it will be: the region of its provider is no constant; it may be in eu-*',
    ]);
    expect(await told({ only_regions: ['eu-*'], unknown: 'pass' }, plan)).toEqual([]);
  });

  it('holds against it what a variable says on its face, whatever the policy for what nobody can say', async () => {
    const provider = aProvider({ key: 'p', expressions: { region: { references: ['var.region'] } } });
    const resource = { address: 'aws_x.a', module: '', mode: 'managed', type: 'aws_x', name: 'a', provider: 'p', expressions: {} };
    const plan = aPlan([aChange('aws_x.a', 'create', { provider: AWS })], {
      ...configuration({ resources: [resource], providers: [provider] }),
      variables: new Map([['region', 'us-east-1']]),
    });
    const line = 'error aws_x.a: It would be in "us-east-1" (from a variable, by its provider); it may be in eu-*';
    for (const unknown of ['fail', 'warn', 'pass']) expect(await told({ only_regions: ['eu-*'], unknown }, plan)).toEqual([line]);
  });
});

describe('modules', () => {
  const call = (source: string, version: string | null = null, over: Partial<ModuleCall> = {}): ModuleCall => ({
    address: 'module.m',
    name: 'm',
    module: '',
    source,
    version,
    expressions: {},
    ...over,
  });
  const judge = async (spec: object, ...modules: ModuleCall[]): Promise<readonly string[]> =>
    told(spec, aPlan([], configuration({ modules })));

  it.each<[string, string | null, string | null]>([
    ['./modules/net', null, null],
    ['../net', null, null],
    ['terraform-aws-modules/vpc/aws', '5.1.0', null],
    ['terraform-aws-modules/vpc/aws', '~> 5.1', null],
    ['terraform-aws-modules/vpc/aws//modules/x', '>= 5.0, < 6.0', null],
    ['app.terraform.io/acme/vpc/aws', '>= 5.0', 'takes any newer version (>= 5.0): write a version, or one with ~>'],
    ['terraform-aws-modules/vpc/aws', null, 'names no version: write `version`'],
    ['git::https://example.com/vpc.git?ref=v1.2.0', null, null],
    ['git@github.com:acme/vpc.git?ref=release-1.2', null, null],
    ['github.com/acme/vpc?ref=51d462976d84fdea54b47d80dcabbf680badcdb8', null, null],
    [
      'github.com/acme/vpc?ref=51d4629',
      null,
      'names "51d4629", which looks like a branch: write a tag with a version, or the hash of a commit',
    ],
    ['github.com/acme/vpc', null, 'names no version: write `?ref=` with a tag or a commit'],
    [
      'git::ssh://git@example.com/vpc.git//sub?ref=main',
      null,
      'names "main", which looks like a branch: write a tag with a version, or the hash of a commit',
    ],
    ['git::https://example.com/vpc?ref=v1.0.0&ref=main', null, 'names several refs: write one `?ref=`'],
    [
      'git::https://example.com/vpc?ref=refs/heads/v1.0.0',
      null,
      'names "refs/heads/v1.0.0", which looks like a branch: write a tag with a version, or the hash of a commit',
    ],
    ['https://example.com/vpc.zip', null, 'names no checksum: write `?checksum=sha256:…`, or take it from a registry or from git'],
    [`https://example.com/vpc.zip?checksum=sha256:${'0'.repeat(64)}`, null, null],
    ['hg::https://example.com/vpc', null, 'is of a form that cannot be judged: take it from a registry or from git'],
    ['/opt/modules/vpc', null, 'is of a form that cannot be judged: take it from a registry or from git'],
  ])('pinned_modules: %s %s', async (source, version, why) => {
    const shown = source.split('?')[0];
    expect(await judge({ pinned_modules: true }, call(source, version))).toEqual(
      why === null ? [] : [`error module.m comes from ${shown} and ${why}`],
    );
  });

  it.each<[string, boolean]>([
    ['app.terraform.io/acme/vpc/aws', true],
    ['app.terraform.io/other/vpc/aws', false],
    ['terraform-aws-modules/vpc/aws', true],
    ['git::https://github.com/acme/vpc?ref=v1', true],
    ['git::https://github.com/acme/../mallory/vpc?ref=v1', false],
    ['git::https://github.com/acme/%2e%2E/mallory/vpc?ref=v1', false],
    ['git::https://github.com/acme/x%2f..%2F..%2fmallory/vpc?ref=v1', false],
    ['./x', false],
  ])('only_modules: %s: %s', async (source, may) => {
    const only = ['app.terraform.io/acme/*', 'registry.terraform.io/terraform-aws-modules/*', 'git::https://github.com/acme/*'];
    expect(await judge({ only_modules: only }, call(source))).toHaveLength(may ? 0 : 1);
  });

  it('leaves a folder of a module from elsewhere to the call that brings both', async () => {
    const outer = call('app.terraform.io/acme/vpc/aws', '1.0.0');
    const inner = call('./modules/x', null, { address: 'module.m.module.x', module: 'module.m' });
    const deep = call('evil/x/aws', '1.0.0', { address: 'module.m.module.x.module.y', module: 'module.m.module.x' });
    expect(await judge({ only_modules: ['app.terraform.io/acme/*'] }, outer, inner, deep)).toEqual([
      'error module.m.module.x.module.y comes from evil/x/aws, which is none of the sources that may be: app.terraform.io/acme/*',
    ]);
  });

  it('are judged however deep they are nested', async () => {
    // A folder of 80 modules, each calling the next; the last one takes what it wants.
    const nest = (depth: number): Json =>
      depth === 0
        ? { module_calls: { evil: { source: 'github.com/mallory/x', module: {} } } }
        : { module_calls: { m: { source: './m', module: nest(depth - 1) } } };
    const plan = aPlan([], { configuration: toConfiguration({ root_module: nest(80) }) });
    expect(await told({ pinned_modules: true }, plan)).toHaveLength(1);
    expect(await told({ only_modules: ['./*'] }, plan)).toHaveLength(1);
  });

  it.each([
    'git::https://oauth2:ghp_abcdefgh@github.com/acme/x',
    'git::https://ghp_abcdefgh@github.com/acme/x',
    'https://u:ghp_abcdefgh@h/x.zip?token=ghp_abcdefgh',
    'ssh://u:ghp_abcdefgh@h/x',
  ])('shows %s without what is secret', async (source) => {
    const said = (await judge({ pinned_modules: true }, call(source))).join();
    expect(said).toContain('module.m comes from');
    expect(said).not.toContain('ghp_');
  });

  it('can be excepted by the address of the call, and need the configuration', async () => {
    const plan = aPlan([], configuration({ modules: [call('a/b/c')] }));
    expect(await told({ pinned_modules: true }, plan, { except: 'module.m' })).toEqual([]);
    const { status, reason } = await runKind('limit', { pinned_modules: true, only_modules: ['*'] }, aPlan([]));
    expect([status, reason]).toEqual([
      'errored',
      'This plan does not hold its configuration, which `only_modules`, `pinned_modules` needs',
    ]);
  });
});

describe('pinned_providers', () => {
  it('cannot be written as false: a check that asks for nothing would pass always', () => {
    for (const key of ['pinned_modules', 'pinned_providers']) expect(limitSchema.safeParse({ [key]: false }).success).toBe(false);
  });

  it('names each that has no version constraint anywhere', async () => {
    const providers = [
      aProvider({}),
      aProvider({ key: 'module.m:aws', module: 'module.m', version: '>= 5' }),
      aProvider({ key: 'random', name: 'random', fullName: 'registry.terraform.io/hashicorp/random' }),
      aProvider({ key: 'terraform', name: 'terraform', fullName: 'terraform.io/builtin/terraform' }),
    ];
    expect(await told({ pinned_providers: true }, aPlan([], configuration({ providers })))).toEqual([
      'error The provider registry.terraform.io/hashicorp/random has no version constraint: write one into required_providers',
    ]);
  });
});
