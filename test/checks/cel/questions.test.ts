// Set, unknown, sensitive, null and absent are different things, and what each of the three questions says of them.
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, PlanConfiguration } from '../../../src/plan/model.ts';
import { aChange, anOutput, aPlan } from '../builders.ts';
import { judge } from './judge.ts';

const configured = (expressions: Json): PlanConfiguration => ({
  providers: [],
  modules: [],
  resources: [{ address: 'module.m.aws_x.a', module: 'module.m', mode: 'managed', type: 'aws_x', name: 'a', provider: 'aws', expressions }],
});
const REFERENCE = { references: ['aws_y.b.id', 'aws_y.b'] };

const CHANGE = aChange('module.m["k.\\"]"].aws_x.a["x]"]', 'create', {
  after: {
    'set': 'a',
    'empty': '',
    'nothing': null,
    'secret': 'hunter2',
    'tags': { 'Owner': 'me', 'cost-center': 'c1', 'Null': null },
    'block': [{ a: 1, b: null }],
    'odd key': 1,
    'secrets': { a: 'x' },
  },
  afterSensitive: { secret: true, secrets: { a: true }, tags: {}, all: true },
  unknown: {
    linked: true,
    computed: true,
    spelled_null: true,
    tags: { Linked: true },
    nested: { id: true },
    block: [{ c: true, d: true }],
  },
});
const PLAN: Plan = aPlan([CHANGE], {
  configuration: configured({
    set: { constant_value: 'a' },
    linked: REFERENCE,
    spelled_null: { constant_value: null },
    tags: REFERENCE,
    nested: REFERENCE,
    block: [{ c: REFERENCE }],
  }),
});

/** true, false, `unknown`, or what went wrong. */
function answer(assert: string, plan: Plan = PLAN): boolean | string {
  const { findings, problems } = judge({ assert }, plan);
  return problems[0] ?? (findings[0]?.message.includes('known only after apply') === true ? 'unknown' : findings.length === 0);
}

describe('has', () => {
  it.each([
    ['has(after.set)', true],
    ['has(after.empty)', true],
    ['has(after.nothing)', false],
    ['has(after.absent)', false],
    ['has(after.secret)', true],
    ['has(after.linked)', true],
    ['has(after.computed)', 'unknown'],
    ['has(after.spelled_null)', 'unknown'],
    ['has(after.tags.Owner)', true],
    ['has(after.tags.Linked)', true],
    ['has(after.tags.Null)', false],
    ['has(after.tags["cost-center"])', true],
    ['has(after.tags[after.set])', false],
    ['["Owner", "cost-center"].all(t, has(after.tags[t]))', true],
    ['has(after["odd key"])', true],
    ['has(after.nothing.x)', false],
    ['has(after.set.x)', false],
    ['has(after.nested.id)', 'unknown'],
    ['has(after.block[0].a)', true],
    ['has(after.block[0].b)', false],
    ['has(after.block[0].c)', true],
    ['has(after.block[0].d)', 'unknown'],
    ['has(after.block[0])', true],
    ['has(after.block[1])', false],
    ['has(after.block.length)', false],
    ['has(after.toString)', false],
    ['has(after.tags.__proto__)', false],
    ['has(after.?absent.x)', false],
    ['has(rc.change.after)', true],
    ['has(rc.index)', false],
    ['!has(after.nothing) && has (after.set)', true],
    ['has(after.computed) || has(after.set)', true],
  ])('%s is %j', (assert, expected) => expect(answer(assert)).toBe(expected));

  it('needs what is before the last part', () => expect(answer('has(after.absent.x)')).toContain('No such key: absent'));

  it('knows nothing of what is unknown when the plan does not say how it is written', () =>
    expect(answer('has(after.linked)', aPlan([CHANGE], { configuration: null }))).toBe('unknown'));

  it.each([
    ['has(after)', 'has() asks for a part', 4],
    ['1 == 1 && has(size(after))', 'has() asks for a part', 14],
    ['true && has(aftr.x)', 'Unknown variable: aftr', 12],
  ])('%s is told when the file is read', async (assert, problem, offset) => {
    const { compileCel } = await import('../../../src/checks/cel/compile.ts');
    expect(compileCel({ for: 'resource_changes', assert, unknown: 'fail' })).toEqual({
      ok: false,
      error: [{ field: 'assert', problem: expect.stringContaining(problem), offset }],
    });
  });
});

describe('isUnknown', () => {
  it.each([
    ['isUnknown(after.computed)', true],
    ['isUnknown(after.linked)', true],
    ['isUnknown(after.tags.Linked)', true],
    ['isUnknown(after.set)', false],
    ['isUnknown(after.nothing)', false],
    ['isUnknown(after.absent)', false],
    ['isUnknown(after.block[7])', false],
    ['isUnknown(after.tags)', false],
    ['isUnknown(after.computed == "x" || after.set == "a")', false],
    ['isUnknown(after.computed) || after.computed == "x"', true],
  ])('%s is %j', (assert, expected) => expect(answer(assert)).toBe(expected));

  it('is no way around other mistakes', () => expect(answer('isUnknown(after.set + 1)')).toContain('no such overload'));
});

describe('isSensitive', () => {
  it.each([
    ['isSensitive(after.secret)', true],
    ['isSensitive(after["secret"])', true],
    ['isSensitive(after.secrets.a)', true],
    ['isSensitive(after.secrets)', false],
    ['isSensitive(after.all.whatever[0])', true],
    ['isSensitive(after.set)', false],
    ['isSensitive(after.absent)', false],
    ['isSensitive(after.constructor)', false],
    ['isSensitive(before.secret)', false],
    ['["secret", "set"].exists_one(k, isSensitive(after[k]))', true],
  ])('%s is %j', (assert, expected) => expect(answer(assert)).toBe(expected));

  it('is asked of outputs as a whole, and not of such as will be gone', () => {
    const outputs = [
      anOutput('secret_a', 'create', { after: 'x', afterSensitive: true }),
      anOutput('secret_b', 'create', { after: 'x' }),
      anOutput('secret_c', 'delete', { before: 'x' }),
    ];
    const { findings, problems } = judge(
      { for: 'outputs', when: 'name.startsWith("secret")', assert: 'isSensitive(after)', message: '${name}' },
      aPlan([], { outputs }),
    );
    expect([findings.map(({ message }) => message), problems]).toEqual([['secret_b'], []]);
  });

  it('asks for a path when the file is read', () =>
    expect(answer('isSensitive(type)')).toContain('isSensitive() asks about before or after'));
});

describe('the policy for what is unknown', () => {
  const rule = { assert: 'after.computed == "x"' };
  it('fails, warns or waits', () => {
    expect(judge(rule, PLAN).findings).toEqual([expect.not.objectContaining({ level: 'warning' })]);
    expect(judge({ ...rule, unknown: 'warn' }, PLAN).findings).toEqual([
      {
        message: `${CHANGE.address} cannot be judged before apply: computed is known only after apply, and \`assert\` needs it`,
        level: 'warning',
        address: CHANGE.address,
        action: 'create',
        attribute: 'computed',
      },
    ]);
    expect(judge({ ...rule, unknown: 'pass' }, PLAN)).toMatchObject({ findings: [], problems: [] });
  });

  it('is no answer to anything else', () => {
    expect(judge({ assert: 'after.set == "b"', unknown: 'pass' }, PLAN).findings).toHaveLength(1);
    expect(judge({ assert: 'after.absent == "b"', unknown: 'pass' }, PLAN).problems).toHaveLength(1);
  });

  it('counts warnings beyond the limit as warnings', () => {
    const plan = aPlan([CHANGE, CHANGE, CHANGE]);
    expect(judge({ ...rule, unknown: 'warn' }, plan, { maxFindings: 1 }).unlisted).toEqual({ error: 0, warning: 2 });
  });
});
