import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../src/contracts/json.ts';
import type { ActionInvocation, Condition, Drift, Plan, ResourceChange } from '../../src/plan/model.ts';
import { toView, type View } from '../../src/report/view.ts';
import { buildChange, buildOutput, buildPlan, buildResource } from '../plan/build-plan.ts';
import { aModel, changeJson, planFrom, planJson } from './models.ts';

const view = (plan: Plan): View => toView(aModel(plan));
const viewOf = (changes: readonly ResourceChange[], rest: Partial<Plan> = {}): View => view(buildPlan(changes, rest));
const one = (actions: string[], more: Partial<ResourceChange> = {}): ResourceChange => buildResource({ actions, ...more });

describe('the view of a plan', () => {
  it('holds each change that is not a no-op once, in the order of danger', () => {
    const word = fc.constantFrom(
      'no-op',
      'create',
      'read',
      'update',
      'delete',
      'forget',
      'open',
      'renew',
      'close',
      'explode',
      '__proto__',
      '',
    );
    const anyChange = fc.record({
      actions: fc.array(word, { maxLength: 3 }),
      mode: fc.constantFrom('managed', 'data', 'ephemeral', 'list', 'constructor'),
      deposed: fc.option(fc.constant('0a1b2c3d')),
      previousAddress: fc.option(fc.constant('a.b')),
      importing: fc.option(fc.record({ id: fc.option(fc.string()) })),
      reason: fc.option(fc.constantFrom('replace_by_request', 'toString', 'a_new_reason')),
    });
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 20 }), (all) => {
        const changes = all.map((change) => buildResource(change));
        const { groups, tally, words } = viewOf(changes);
        const shown = groups.flatMap((group) => group.items.map((item) => item.change));
        const expected = changes.filter(
          ({ action, previousAddress, importing }) => action !== 'no-op' || previousAddress !== null || importing !== null,
        );
        expect(new Set(shown)).toEqual(new Set(expected));
        expect(shown).toHaveLength(expected.length);
        expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(expected.length);
        expect(words).not.toBe('');
        const danger = ['destroy', 'replace', 'other', 'forget', 'update', 'create', 'import', 'move', 'read'];
        expect(groups.map(({ name }) => name)).toEqual(danger.filter((name) => groups.some((group) => group.name === name)));
      }),
    );
  });

  it.each([
    [one(['delete']), 'destroy'],
    [one(['delete', 'create']), 'replace'],
    [one(['create', 'delete']), 'replace'],
    [one(['create', 'forget']), 'replace'],
    [one(['forget', 'create']), 'replace'],
    [one(['explode']), 'other'],
    [one([]), 'other'],
    [one(['constructor']), 'other'],
    [one(['forget']), 'forget'],
    [one(['update']), 'update'],
    [one(['create']), 'create'],
    [one(['read'], { mode: 'data' }), 'read'],
    [one(['delete'], { mode: 'data' }), 'read'],
    [one(['delete'], { mode: 'a-new-mode' }), 'destroy'],
    [one(['open'], { mode: 'ephemeral' }), 'read'],
    [one(['renew', 'close'], { mode: 'ephemeral' }), 'read'],
    [one(['delete'], { mode: 'ephemeral' }), 'destroy'],
    [one(['open']), 'other'],
    [one(['no-op'], { importing: { id: 'x' } }), 'import'],
    [one(['no-op'], { previousAddress: 'a.b' }), 'move'],
    [one(['no-op'], { previousAddress: 'a.b', importing: { id: 'x' } }), 'import'],
    [one(['delete'], { previousAddress: 'a.b' }), 'destroy'],
  ])('puts %j where it belongs', (change, group) => {
    expect(viewOf([change]).groups.map(({ name }) => name)).toEqual([group]);
  });

  it('says of an item what a reviewer must know', () => {
    const item = (change: ResourceChange): unknown => {
      const { address, reason, order, notes, imported, metadataOnly } = viewOf([change]).groups[0]?.items[0] ?? {};
      return { address, reason, order, notes, imported, metadataOnly };
    };
    const plain = { address: 'terraform_data.a', reason: null, order: null, notes: [], imported: null, metadataOnly: null };
    expect(item(one(['create']))).toEqual(plain);
    expect(item(one(['delete', 'create'], { replaceOrder: 'delete-first', reason: 'replace_by_triggers' }))).toEqual({
      ...plain,
      reason: 'triggered by replace_triggered_by',
      order: 'the old one is destroyed first',
    });
    expect(item(one(['create', 'forget'], { reason: 'replace_because_cannot_update' }))).toEqual({
      ...plain,
      reason: 'cannot be changed in place',
      order: 'the old one is not destroyed, only forgotten',
    });
    expect(item(one(['delete'], { deposed: '0a1b2c3d', reason: 'a_new_reason' }))).toEqual({
      ...plain,
      address: 'terraform_data.a (deposed object 0a1b2c3d)',
      reason: 'a_new_reason',
      notes: ['left over from a replacement that failed in part'],
    });
    expect(item(one(['delete', 'create'], { replaceOrder: 'delete-first', importing: { id: 'i-1' } }))).toEqual({
      ...plain,
      order: 'the old one is destroyed first',
      notes: ['this destroys the imported object'],
      imported: { from: 'i-1', by: 'id' },
    });
    expect(item(one(['no-op'], { importing: { id: 'i-1' }, hasGeneratedConfig: true }))).toEqual({
      ...plain,
      notes: ['Terraform writes its configuration'],
      imported: { from: 'i-1', by: 'id' },
    });
    expect(item(one(['delete'], { mode: 'data' }))).toEqual({
      ...plain,
      notes: ['a data source leaves the state, nothing is destroyed'],
    });
  });

  it('says from where an object is imported, without secrets', () => {
    const secret = one(['update'], {
      address: 'terraform_data.s',
      before: { s: 'hunter2-hunter2' },
      beforeSensitive: { s: true },
    });
    const imported = (importing: ResourceChange['importing']): unknown =>
      viewOf([one(['no-op'], { importing }), secret]).groups.find(({ name }) => name === 'import')?.items[0]?.imported;
    expect(imported({ id: 'of hunter2-hunter2' })).toEqual({ from: 'of (sensitive value)', by: 'id' });
    expect(imported({ id: null })).toEqual({ from: null, by: 'not-said' });
    expect(imported({ id: null, identity: {} })).toEqual({ from: null, by: 'not-said' });
    expect(imported({ id: null, identity: 'text' })).toEqual({ from: null, by: 'not-said' });
    expect(imported({ id: null, identity: { region: 'eu', email: 'hunter2-hunter2', zone: null, n: 1 } })).toEqual({
      from: 'email = (sensitive value), n = 1, region = "eu"',
      by: 'identity',
    });
  });

  it('knows an update of labels alone', () => {
    const update = (before: Json, after: Json): unknown => viewOf([one(['update'], { before, after })]).groups[0]?.items[0]?.metadataOnly;
    expect(update({ tags: { a: '1' }, size: 1 }, { tags: { a: '2' }, size: 1 })).toBe('labels');
    expect(update({ tags: { a: '1' }, tags_all: { a: '1' } }, { tags: { a: '2' }, tags_all: { a: '2' } })).toBe('labels');
    expect(update({ timeouts: { create: '1m' } }, { timeouts: { create: '2m' } })).toBe('bookkeeping');
    expect(update({ tags: { a: '1' }, size: 1 }, { tags: { a: '2' }, size: 2 })).toBeNull();
    expect(update({ size: 1 }, { size: 1 })).toBeNull();
  });
});

describe('conditions', () => {
  const condition = (address: string, status: string, instances: Condition['instances'] = [], kind = 'check'): Condition => ({
    address,
    kind,
    status,
    instances,
  });

  it('tell what failed first, then what could not be evaluated, then what is new, and count the rest', () => {
    const { conditions } = viewOf([], {
      conditions: [
        condition('check.new', 'postponed'),
        condition('check.ok', 'pass', [{ address: 'check.ok', status: 'pass', problems: [] }]),
        condition('terraform_data.b', 'unknown', [], 'resource'),
        condition('var.env', 'error', [{ address: 'var.env', status: 'error', problems: ['boom'] }], 'var'),
        condition(
          'terraform_data.a',
          'fail',
          [
            { address: 'terraform_data.a[0]', status: 'pass', problems: [] },
            { address: 'terraform_data.a[1]', status: 'fail', problems: ['too small', 'too old'] },
          ],
          'resource',
        ),
        condition('output.o', 'fail', [], 'output_value'),
        condition('x.y', 'pass', [], 'a_new_kind'),
      ],
    });
    expect(conditions).toEqual({
      told: [
        {
          address: 'terraform_data.a[1]',
          kind: 'precondition or postcondition',
          status: 'fail',
          statusWords: 'failed',
          problems: ['too small', 'too old'],
        },
        { address: 'output.o', kind: 'precondition of an output', status: 'fail', statusWords: 'failed', problems: [] },
        {
          address: 'var.env',
          kind: 'validation of a variable',
          status: 'error',
          statusWords: 'could not be evaluated',
          problems: ['boom'],
        },
        { address: 'check.new', kind: 'check block', status: 'postponed', statusWords: 'postponed', problems: [] },
      ],
      tally: { fail: 2, error: 1, other: 1, unknown: 1, pass: 3 },
    });
  });

  it('that failed as a whole are told even when no instance of theirs did', () => {
    const { conditions } = viewOf([], {
      conditions: [condition('check.a', 'error', [{ address: '', status: 'pass', problems: [] }])],
    });
    expect(conditions.told.map(({ address, status }) => [address, status])).toEqual([['check.a', 'error']]);
    expect(conditions.tally).toEqual({ fail: 0, error: 1, other: 0, unknown: 0, pass: 1 });
  });

  it('show no secret in what their authors wrote', () => {
    const secret = one(['update'], { before: { s: 'hunter2-hunter2' }, beforeSensitive: { s: true } });
    const { conditions } = viewOf([secret], {
      conditions: [condition('check.a', 'fail', [{ address: 'check.a', status: 'fail', problems: ['is hunter2-hunter2'] }])],
    });
    expect(conditions.told[0]?.problems).toEqual(['is (sensitive value)']);
  });
});

describe('invocations', () => {
  const invocation = (more: Partial<ActionInvocation>): ActionInvocation => ({
    address: 'action.x.a',
    type: 'x',
    name: 'a',
    trigger: null,
    deferred: null,
    config: buildChange({ actions: ['create'] }),
    ...more,
  });

  it('say when, and what is left to a later run', () => {
    const trigger = (event: string): ActionInvocation => invocation({ trigger: { address: 't.n', event } });
    const { invocations, words } = viewOf([one(['create'])], {
      invocations: [
        trigger('AfterCreate'),
        trigger('BeforeDestroy'),
        trigger('OnTuesdays'),
        trigger(''),
        invocation({ address: '' }),
        invocation({ deferred: 'deferred_prereq' }),
        invocation({ deferred: 'a_new_reason' }),
      ],
    });
    const shown = [...invocations.now, ...invocations.deferred].map(({ address, trigger: at, event, deferred }) => [
      address,
      at,
      event,
      deferred,
    ]);
    expect(shown).toEqual([
      ['action.x.a', 't.n', 'after it is created', null],
      ['action.x.a', 't.n', 'before it is destroyed', null],
      ['action.x.a', 't.n', 'OnTuesdays', null],
      ['action.x.a', 't.n', 'when it changes', null],
      ['action.x.a', null, null, null],
      ['action.x.a', null, null, 'something it needs is deferred'],
      ['action.x.a', null, null, 'a_new_reason'],
    ]);
    expect(words).toBe('1 to create, 5 actions to invoke, 2 deferred');
  });
});

describe('what changed outside of Terraform', () => {
  const drift = (address: string, isRelevant?: boolean, more: Partial<ResourceChange> = {}): Drift => ({
    ...buildResource({ address, ...more }),
    ...(isRelevant === undefined ? {} : { isRelevant }),
  });
  const told = ({ drift: shown, otherDrift }: View): string[][] => [
    shown.map(({ address }) => address),
    otherDrift.map(({ address }) => address),
  ];

  it('is told when the plan depends on it, and counted when it does not', () => {
    expect(told(viewOf([one(['update'])], { drift: [drift('a', true), drift('b', false)] }))).toEqual([['a'], ['b']]);
  });

  it('is told when the plan does not say what it depends on', () => {
    expect(told(viewOf([one(['update'])], { drift: [drift('a')] }))).toEqual([['a'], []]);
    expect(told(viewOf([], { drift: [drift('a')], applyable: false }))).toEqual([['a'], []]);
  });

  it('is counted only, as an object that moved is told by its change', () => {
    const moved = drift('a', true, { actions: ['no-op'], previousAddress: 'b' });
    expect(told(viewOf([one(['update'])], { drift: [moved] }))).toEqual([[], ['a']]);
  });

  it('is counted only where nothing changes', () => {
    const plan = { drift: [drift('a', true)] };
    expect(told(viewOf([one(['no-op'])], plan))).toEqual([[], ['a']]);
    expect(told(viewOf([one(['no-op'])], { ...plan, outputs: [buildOutput('o', { actions: ['no-op'] })] }))).toEqual([[], ['a']]);
    expect(told(viewOf([one(['no-op'])], { ...plan, outputs: [buildOutput('o', { actions: ['update'] })] }))).toEqual([['a'], []]);
    expect(told(viewOf([one(['no-op'], { previousAddress: 'b' })], plan))).toEqual([['a'], []]);
  });

  it('is what a plan is about that was made to refresh', () => {
    const shown = viewOf([], {
      drift: [drift('a', false), drift('b', true), drift('c', false, { actions: ['no-op'], previousAddress: 'x' })],
    });
    expect(told(shown)).toEqual([['a', 'b', 'c'], []]);
    expect(shown.words).toBe('no changes, 3 changes outside of Terraform to record');
  });
});

describe('what applying comes to', () => {
  const drift: Drift = { ...buildResource(), isRelevant: false };
  const output = buildOutput('o', { actions: ['create'], after: 1 });
  const invocations: ActionInvocation[] = [
    { address: 'action.x.a', type: 'x', name: 'a', trigger: null, deferred: null, config: buildChange({ actions: ['create'] }) },
  ];
  const deferred = [{ reason: 'instance_count_unknown', change: one(['create']) }];

  it.each([
    ['resources change', viewOf([one(['update'])], { outputs: [output] }), '1 to update', null],
    ['nothing', viewOf([one(['no-op'])]), 'no changes', 'No changes. The infrastructure matches the configuration.'],
    [
      'only outputs',
      viewOf([], { outputs: [output] }),
      '1 output to change, no resources',
      'Only outputs change. Applying this plan saves their new values in the state and changes no infrastructure.',
    ],
    [
      'only actions',
      viewOf([], { invocations }),
      '1 action to invoke, no resources',
      'Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan.',
    ],
    [
      'only what was moved',
      viewOf([one(['no-op'], { previousAddress: 'b' })]),
      '1 to move',
      'No infrastructure changes. Applying this plan changes what Terraform keeps in its state.',
    ],
    [
      'only reads',
      viewOf([one(['read'], { mode: 'data' })]),
      'no changes',
      'No infrastructure changes. Data sources are read when the plan is applied.',
    ],
    [
      'only deferred',
      viewOf([], { deferred, complete: false }),
      'no changes yet, 1 deferred',
      'Nothing changes in this run. What is deferred needs another plan after this one is applied.',
    ],
    [
      'only drift that does not matter',
      viewOf([one(['no-op'])], { drift: [drift], applyable: false }),
      'no changes',
      'No changes. The configuration already matches what changed outside of Terraform (1 object).',
    ],
    [
      'nothing of what was targeted',
      viewOf([one(['no-op'])], { complete: false, applyable: false }),
      'no changes',
      'No changes in what this run looked at. What was not targeted was not looked at.',
    ],
    [
      'a plan made to refresh',
      viewOf([], { drift: [drift], outputs: [output] }),
      'no changes, 1 change outside of Terraform to record',
      'This plan changes no infrastructure. Applying it records in the state what changed outside of Terraform, and the new values of outputs.',
    ],
    [
      'outputs and actions',
      viewOf([], { outputs: [output], invocations }),
      '1 output to change, 1 action to invoke, no resources',
      'Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan. It saves new values of outputs in the state, too.',
    ],
    [
      'a plan made to refresh and to invoke an action',
      viewOf([], { drift: [drift], invocations }),
      '1 action to invoke, no resources, 1 change outside of Terraform to record',
      'Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan. It records in the state what changed outside of Terraform, too.',
    ],
    [
      'what was moved, and actions',
      viewOf([one(['no-op'], { previousAddress: 'b' })], { invocations }),
      '1 to move, 1 action to invoke',
      'Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan. It changes what Terraform keeps in its state, too.',
    ],
    [
      'outputs, and the rest is deferred',
      viewOf([one(['read'], { mode: 'data' })], { outputs: [output], deferred }),
      '1 output to change, no resources, 1 deferred',
      'Only outputs change. Applying this plan saves their new values in the state and changes no infrastructure. What is deferred needs another plan after this one is applied.',
    ],
    [
      'reads, and the rest is deferred',
      viewOf([one(['read'], { mode: 'data' })], { deferred }),
      'no changes yet, 1 deferred',
      'Nothing changes in this run. What is deferred needs another plan after this one is applied.',
    ],
    [
      'only a deferred action',
      viewOf([], { invocations: invocations.map((one) => ({ ...one, deferred: 'provider_config_unknown' })) }),
      'no changes yet, 1 deferred',
      'Nothing changes in this run. What is deferred needs another plan after this one is applied.',
    ],
    [
      'planning failed after reads',
      viewOf([one(['read'], { mode: 'data' })], { errored: true, applyable: false }),
      'planning failed',
      'Planning failed. What was planned until then changes no resource.',
    ],
    [
      'planning failed after outputs',
      viewOf([], { outputs: [output], errored: true, applyable: false }),
      '1 output to change, no resources, then planning failed',
      'Planning failed. What was planned until then changes no resource.',
    ],
    [
      'planning failed at once',
      viewOf([], { errored: true, applyable: false }),
      'planning failed',
      'Planning failed before there was anything to show.',
    ],
  ] as const)('is said: %s', (_name, { words, effect }, expectedWords, sentence) => {
    expect([words, effect?.sentence ?? null]).toEqual([expectedWords, sentence]);
  });

  it('begins with what changes, however the plan ended', () => {
    expect(viewOf([one(['delete'])], { errored: true }).words).toBe('1 to destroy, then planning failed');
    expect(viewOf([one(['create'])], { deferred, invocations }).words).toBe('1 to create, 1 action to invoke, 1 deferred');
  });

  it('is doubted where the plan is not whole', () => {
    const warnings = (rest: Partial<Plan>): readonly string[] => viewOf([one(['create'])], rest).warnings;
    expect(warnings({})).toEqual([]);
    expect(warnings({ complete: null, applyable: null })).toEqual([]);
    expect(warnings({ errored: true, complete: false, applyable: false })).toEqual([
      'The plan is incomplete: Terraform met an error while it planned.',
    ]);
    expect(warnings({ complete: false })).toEqual([
      'The plan is partial: it was targeted, or changes are deferred; another run must follow.',
    ]);
    expect(warnings({ complete: false, deferred })).toEqual(['The plan is partial: changes are deferred; another run must follow.']);
    expect(warnings({ applyable: false })).toEqual(['Terraform says that this plan cannot be applied.']);
    expect(viewOf([one(['no-op'])], { applyable: false }).warnings).toEqual([]);
  });
});

describe('older and other forms of the plan', () => {
  it('tell the same: Terraform 0.12 says nothing of marks, completeness and reasons', async () => {
    const plan = await planFrom(
      JSON.stringify({
        format_version: '0.1',
        terraform_version: '0.12.31',
        resource_changes: [
          {
            address: 'a.b',
            mode: 'managed',
            type: 'a',
            name: 'b',
            provider_name: 'aws',
            change: { actions: ['delete', 'create'], before: { x: 1 }, after: { x: 2 }, after_unknown: {} },
          },
          {
            address: 'data.a.b',
            mode: 'data',
            type: 'a',
            name: 'b',
            change: { actions: ['read'], before: null, after: {}, after_unknown: {} },
          },
        ],
      }),
    );
    const shown = view(plan);
    expect(shown.words).toBe('1 to replace');
    expect(shown.warnings).toEqual([]);
    expect(shown.groups.map(({ name, items }) => [name, items.map(({ order }) => order)])).toEqual([
      ['replace', ['the old one is destroyed first']],
      ['read', [null]],
    ]);
  });

  it("tell the same: HCP Terraform's redacted plan", async () => {
    const { format_version: _, ...rest } = JSON.parse(planJson([changeJson('a.b', ['create'], null, { x: 1 })])) as Record<string, unknown>;
    const plan = await planFrom(
      JSON.stringify({ ...rest, plan_format_version: '1.1', provider_format_version: '1.0', provider_schemas: {} }),
    );
    expect(view(plan).words).toBe('1 to create');
  });

  it('tell nothing of a stage without a plan', () => {
    const shown = toView(aModel(null));
    expect([shown.words, shown.effect, shown.groups]).toEqual(['', null, []]);
  });
});
