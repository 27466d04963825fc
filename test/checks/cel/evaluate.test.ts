// What a CEL check says about a plan: true, false, and the three answers that are neither.
import { describe, expect, it } from '@jest/globals';
import { cidrContains } from '../../../src/checks/cel/cidr.ts';
import type { ResourceChange } from '../../../src/plan/model.ts';
import { aChange, anOutput, aPlan } from '../builders.ts';
import { judge, messages, problems } from './judge.ts';

const NOTHING_ELSE = { unlisted: { error: 0, warning: 0 }, problems: [], problemCount: 0, explained: [] };
/** Is the expression true of a resource with this `after`? Anything but true and false is told. */
function holds(assert: string, after: ResourceChange['after'] = {}): boolean | string {
  const report = judge({ assert }, aPlan([aChange('aws_x.a', 'update', { after })]));
  return report.problems[0] ?? report.findings.length === 0;
}

describe('a rule about resources', () => {
  const TAGS = { assert: 'has(after.tags.Owner)', message: '${address} lacks Owner' };

  it('names each resource that breaks it, with address, action and the message', () => {
    const plan = aPlan([
      aChange('aws_x.good', 'create', { after: { tags: { Owner: 'me' } } }),
      aChange('aws_x.bad["k\'"]', 'create', { after: { tags: {} } }),
      aChange('aws_x.none', 'update', { after: { tags: null } }),
    ]);
    expect(judge(TAGS, plan)).toEqual({
      findings: [
        { message: 'aws_x.bad["k\'"] lacks Owner', address: 'aws_x.bad["k\'"]', action: 'create', attribute: 'tags' },
        { message: 'aws_x.none lacks Owner', address: 'aws_x.none', action: 'update', attribute: 'tags' },
      ],
      ...NOTHING_ELSE,
    });
  });

  it('leaves out no-op and read unless `when` speaks of actions', () => {
    const changes = [aChange('aws_x.a', 'no-op', { after: { tags: {} } }), aChange('aws_x.b', 'read', { after: { tags: {} } })];
    expect(messages(TAGS, ...changes)).toEqual([]);
    expect(messages({ ...TAGS, when: 'type == "aws_x" && has(after.tags)' }, ...changes)).toEqual([]);
    for (const when of ['action != "delete"', '"no-op" in actions || "read" in actions', 'rc.mode == "managed"'])
      expect(messages({ ...TAGS, when }, ...changes)).toHaveLength(2);
  });

  it('asks only where `when` is true', () => {
    const changes = [aChange('aws_x.a', 'update'), aChange('aws_y.a', 'update')];
    expect(messages({ when: 'type == "aws_x"', assert: 'false', message: '${type} ${name} ${action} ${actions}' }, ...changes)).toEqual([
      'aws_x a update ["update"]',
    ]);
  });

  it.each([
    ['jsonParse(after.pw).x == 1', 'jsonParse: the text is not JSON'],
    ['duration(after.pw) == duration("1s")', 'Invalid duration string'],
    ['cidrContains(after.pw, "10.0.0.1")', 'is not a network'],
    ['after.map[after.pw] == 1', 'No such key: (sensitive value)'],
    ['"a".matches(after.pw)', 'a value does not fit it'],
    ['after.pw.size() > 1 && after.nothing == 1', 'No such key: nothing'],
  ])('tells no part of a password that an expression stumbles over: %s', (assert, told) => {
    const after = { pw: 'hunter2(-very-secret', map: {} };
    const report = judge({ assert }, aPlan([aChange('aws_x.a', 'update', { after, afterSensitive: { pw: true } })]));
    expect(report.problems).toEqual([expect.stringContaining(told)]);
    expect(report.problems[0]).not.toMatch(/unter|very|secret/);
  });

  it('says a plain sentence without a message', () => {
    expect(messages({ assert: 'after.size < 5' }, aChange('aws_x.a', 'update', { after: { size: 5 } }))).toEqual([
      'aws_x.a does not satisfy `after.size < 5`',
    ]);
  });

  it('is not asked about objects that will be gone when it reaches into `after`', () => {
    expect(judge(TAGS, aPlan([aChange('aws_x.a', 'delete')]))).toMatchObject({ findings: [], problems: [] });
    expect(judge(TAGS, aPlan([aChange('aws_x.a', 'forget')]))).toMatchObject({ findings: [], problems: [] });
  });

  it('is asked about them whenever it can be answered', () => {
    for (const assert of ['after != null', 'action != "delete"', 'action != "delete" && after.x == 1', 'before.keep == false'])
      expect(messages({ assert }, aChange('aws_x.a', 'delete', { before: { keep: true } }))).toHaveLength(1);
  });

  it.each(['!("delete" in actions) || after.x', 'before.keep && after.x', 'rc.mode == "managed" && after.x'])(
    'has no answer for them when the rule may have meant deletions: %s',
    (assert) => expect(problems({ assert }, aChange('aws_x.a', 'delete', { before: { keep: true } }))).toHaveLength(1),
  );

  it('is not asked about them either when `when` speaks of the type or of `after`', () => {
    for (const when of [
      'type == "aws_x"',
      'true',
      'after.engine == "mysql"',
      'has(after.tags)',
      '"tags" in after',
      'after["tags"] != null',
      'after.all(k, k != "")',
      'after.?tags.hasValue()',
    ])
      expect(judge({ ...TAGS, when }, aPlan([aChange('aws_x.a', 'delete')]))).toMatchObject({ findings: [], problems: [] });
  });

  it('is not asked about them when it asks `has` first', () => {
    const guarded = { assert: 'has(after.tags) && has(after.tags.Owner)' };
    expect(judge(guarded, aPlan([aChange('aws_x.a', 'delete')]))).toMatchObject({ findings: [], problems: [] });
    expect(judge(guarded, aPlan([aChange('aws_x.a', 'create')]))).toMatchObject({ findings: [{ address: 'aws_x.a' }] });
  });

  it('has no answer for them when `when` says that they are meant', () => {
    for (const when of ['action == "delete"', '"delete" in actions', 'before != null', 'rc.change.actions == ["delete"]'])
      expect(problems({ ...TAGS, when }, aChange('aws_x.a', 'delete'))).toHaveLength(1);
  });

  it('does not take an action that is new for a deletion', () => {
    expect(problems(TAGS, aChange('aws_x.a', 'frobnicate', { after: null }))).toHaveLength(1);
    expect(problems(TAGS, aChange('aws_x.a', 'create', { after: null }))).toHaveLength(1);
  });
});

describe('a rule that has no answer', () => {
  it.each([
    [
      'a key that is not there',
      'after.nope == 1',
      'No such key: nope. Ask `has(…)` first, or exclude such resources with `when` (at aws_x.a)',
    ],
    ['a comparison that does not exist', 'after.size < "x"', 'no such overload'],
    ['something else than a boolean', 'after.size', '`assert` gave a number instead of true or false (at aws_x.a)'],
    ['a pattern that is none', '"a".matches("(")', 'error parsing regexp'],
    ['broken JSON', 'jsonParse(after.text) == 1', '`assert` could not be evaluated'],
    ['a division by zero', '1 / 0 == 1', 'division by zero'],
  ])('is a problem of the check: %s', (_what, assert, expected) => {
    const report = judge({ assert }, aPlan([aChange('aws_x.a', 'update', { after: { size: 3, text: '{' } })]));
    expect(report.findings).toEqual([]);
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0]).toContain(expected);
  });

  it('is a problem in `when` too', () => {
    expect(problems({ when: 'after.nope', assert: 'true' }, aChange('aws_x.a', 'update'))[0]).toContain(
      '`when` could not be evaluated: No such key: nope',
    );
  });

  it('names the first five and counts them all', () => {
    const report = judge({ assert: 'after.nope == 1' }, aPlan(Array.from({ length: 12 }, (_, n) => aChange(`aws_x.a[${n}]`, 'update'))));
    expect([report.problems.length, report.problemCount]).toEqual([5, 12]);
  });

  it('still tells what it found elsewhere', () => {
    const changes = [aChange('aws_x.a', 'update', { after: { n: 1 } }), aChange('aws_x.b', 'update')];
    expect(judge({ assert: 'after.n > 5', message: '${address}' }, aPlan(changes))).toMatchObject({
      findings: [{ message: 'aws_x.a' }],
      problemCount: 1,
    });
  });
});

describe('a value that is known only after apply', () => {
  const change = aChange('aws_x.a', 'create', {
    after: { name: 'a', id: null, tags: { Env: 'prod' }, list: ['a', null], nested: [{ k: 1 }] },
    unknown: {
      id: true,
      arn: true,
      tags: { Owner: true },
      list: [false, true],
      nested: [{ v: true }],
      whole: [{ deep: true }],
      fresh: { new: true },
    },
  });

  it.each([
    ['id', 'after.id == "x"'],
    ['id', 'after.id != "x"'],
    ['id', 'after.id == null'],
    ['arn', 'after.arn.startsWith("arn:")'],
    ['id', 'has(after.id)'],
    ['tags.Owner', 'after.tags.Owner == "me"'],
    ['tags.Owner', 'has(after.tags.Owner)'],
    ['tags.Owner', 'after.tags == {"Env": "prod", "Owner": "me"}'],
    ['tags.Owner', 'after.?tags.?Owner.orValue("") == ""'],
    ['list[1]', '"b" in after.list'],
    ['list[1]', 'after.list.all(x, x != "b")'],
    ['nested[0].v', 'after.nested.exists(n, n.v == 2)'],
    ['whole[0].deep', 'after.whole.all(w, w.deep)'],
    ['fresh.new', '"new" in after.fresh'],
    ['fresh.new', 'after.fresh == {"new": "x"}'],
    ['fresh.new', '[after.fresh] == [{"new": "x"}]'],
    ['fresh.new', '"x" in after.fresh.map(k, after.fresh[k])'],
    ['id', 'rc.change.after.id == "x"'],
    ['id', 'plan.resource_changes.all(c, c.change.after.id == "x")'],
    ['id', 'string(after.id) == "x"'],
  ])('is a finding that names %s: %s', (path, assert) => {
    expect(judge({ assert }, aPlan([change]))).toEqual({
      findings: [
        {
          message: `aws_x.a cannot be judged before apply: ${path} is known only after apply, and \`assert\` needs it`,
          address: 'aws_x.a',
          action: 'create',
          attribute: path.replace(/[.[].*/, ''),
        },
      ],
      ...NOTHING_ELSE,
    });
  });

  it.each([
    'after.name == "a"',
    'after.tags.Env == "prod"',
    'after.name == "a" || after.id == "x"',
    '"a" in after.list',
    'size(after.list) == 2',
    '!("old" in after.fresh) && size(after.fresh) == 1 && after.fresh.all(k, k == "new")',
    'size(after.whole) == 1 && type(after.whole) == list',
    '"tags" in rc.change.after',
    'after.nested[0].k == 1',
  ])('does not stand in the way of what is known: %s', (assert) =>
    expect(judge({ assert }, aPlan([change]))).toMatchObject({ findings: [], problems: [] }),
  );

  it('is a finding in `when`: whether the rule applies is not known either', () => {
    expect(messages({ when: 'after.id == "x"', assert: 'true' }, change)[0]).toContain('id is known only after apply, and `when` needs it');
  });

  it('may be the whole object', () => {
    expect(messages({ assert: 'after == null' }, aChange('aws_x.a', 'create', { after: null, unknown: true }))[0]).toContain(
      'the object is known only after apply',
    );
  });

  it('counts as unknown where marks and value do not fit together', () => {
    const odd = aChange('aws_x.a', 'update', { after: { tags: 'text' }, unknown: { tags: { Owner: true } } });
    expect(messages({ assert: 'after.tags == "text"' }, odd)[0]).toContain('tags is known only after apply');
  });

  it('stands as words in a message', () => {
    expect(messages({ assert: 'false', message: '${after.id} ${after.tags}' }, change)).toEqual([
      '(known after apply) {"Env":"prod","Owner":"(known after apply)"}',
    ]);
  });

  it('leaves the plan itself as it was', () => {
    const before = JSON.stringify(change);
    judge({ assert: 'after.name == "b"', message: '${after}' }, aPlan([change]));
    expect(JSON.stringify(change)).toBe(before);
  });

  it('does not let a key named __proto__ change what the rule sees', () => {
    const after = JSON.parse('{"__proto__": {"Owner": "me"}, "tags": {}}') as ResourceChange['after'];
    const unknown = JSON.parse('{"__proto__": {"x": true}}') as ResourceChange['unknown'];
    expect(messages({ assert: 'has(after.Owner)' }, aChange('aws_x.a', 'create', { after, unknown }))).toHaveLength(1);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('a sensitive value', () => {
  const change = aChange('aws_x.a', 'update', {
    before: { password: 'hunter2-old' },
    after: { password: 'hunter2-new', port: 5432, list: ['s3cr3t-item'] },
    beforeSensitive: { password: true },
    afterSensitive: { password: true, port: true, list: [true] },
  });

  it('is seen by the rule', () => {
    expect(messages({ assert: 'after.password == "hunter2-new" && after.port == 5432' }, change)).toEqual([]);
  });

  it('is words in a message, however the message takes it apart', () => {
    const message =
      '${after.password} ${after.password.substring(0, 4)} ${before.password} ${after.port} ${after.list} ${rc.change.after.password} ${plan.resource_changes[0].change.before.password}';
    const [text] = messages({ assert: 'false', message }, change);
    expect(text).toBe(
      '(sensitive value) (sen (sensitive value) (sensitive value) ["(sensitive value)"] (sensitive value) (sensitive value)',
    );
  });

  it('loses only the wording when the message needs its type', () => {
    const [text] = messages({ assert: 'false', message: '${after.port + 1}' }, change);
    expect(text).toMatch(/^aws_x\.a does not satisfy `false` \(its message could not be written: no such overload/);
    expect(text).not.toContain('5432');
  });
});

describe('targets', () => {
  it('outputs: by name, without those that do not change', () => {
    const outputs = [anOutput('url', 'update', { before: 'a', after: 'b' }), anOutput('same', 'no-op')];
    const report = judge({ for: 'outputs', assert: 'before == after', message: '${name}: ${before} to ${after}' }, aPlan([], { outputs }));
    expect(report.findings).toEqual([{ message: 'url: a to b', address: null, action: 'update' }]);
  });

  it('drift: what changed outside of Terraform', () => {
    const drift = [aChange('aws_x.a', 'update', { before: { n: 1 }, after: { n: 2 } })];
    expect(judge({ for: 'drift', assert: 'before.n == after.n' }, aPlan([], { drift })).findings).toHaveLength(1);
  });

  it('plan: once, with counts, run and everything else', () => {
    const plan = aPlan([aChange('aws_x.a', 'delete'), aChange('aws_x.b', 'replace')]);
    const ask = (assert: string): number => judge({ for: 'plan', assert }, plan).findings.length;
    expect(ask('plan.counts.destroy <= 2 && plan.counts.destroy * 2 == 4 && run.workspace == "net-prod"')).toBe(0);
    expect(ask('plan.counts.destroy < 2')).toBe(1);
    expect(ask('plan.resource_changes.filter(c, "delete" in c.change.actions).size() == 2')).toBe(0);
    expect(ask('plan.complete && !plan.errored && plan.terraform_version == "1.11.4"')).toBe(0);
  });

  it('rc has the keys of the plan in JSON, absent where the plan has none', () => {
    const change = aChange('module.m["k"].aws_x.a["i"]', 'update', { previousAddress: 'aws_x.old', index: 'i', reason: 'because' });
    const assert =
      'rc.module_address == "module.m[\\"k\\"]" && rc.previous_address == "aws_x.old" && rc.index == "i" && rc.action_reason == "because" && !has(rc.deposed) && rc.change.actions == ["update"]';
    expect(judge({ assert }, aPlan([change]))).toMatchObject({ findings: [], problems: [] });
  });
});

describe('the language', () => {
  it.each([
    ['after.size * 2 == 10', { size: 5 }],
    ['2 * after.size + 1 - after.size / 2 == 8.5', { size: 5 }],
    ['after.size == 5 && after.size >= 5 && after.size in [5]', { size: 5 }],
    ['after.name.matches("^a+$")', { name: 'aaa' }],
    ['["ab", "cb"].all(n, n.matches("b$"))', {}],
    ['after.name.glob("net-*")', { name: 'net-1' }],
    ['after.name.replace("-", "$&") == "a$&b"', { name: 'a-b' }],
    ['jsonParse(after.policy).Statement[0].Effect == "Deny"', { policy: '{"Statement":[{"Effect":"Deny"}]}' }],
    ['cidrContains("10.0.0.0/8", after.cidr) && !cidrContains("10.1.0.0/16", after.cidr)', { cidr: '10.2.0.0/16' }],
    ['[[1, 2], [3]].flatten() == [1, 2, 3]', {}],
    ['type == "aws_x" && type(after.n) == double && type(type) == string', { n: 1 }],
    ['after.mixed == ["a", 1, null, true]', { mixed: ['a', 1, null, true] }],
    ['cel.bind(t, after.tags, "a" in t && t.a == "b")', { tags: { a: 'b' } }],
  ])('%s', (assert, after) => expect(holds(assert, after)).toBe(true));

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/16', '10.0.0.0/8', false],
    ['0.0.0.0/0', '1.2.3.4/32', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::ffff:10.0.0.0/104', '::ffff:10.1.2.3', true],
  ])('cidrContains(%s, %s) is %j', (outer, inner, expected) => expect(cidrContains(outer, inner)).toBe(expected));

  it.each(['', 'x', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '::1/129', 'fe80::1%eth0'])(
    'cidrContains has no answer for %j',
    (text) => {
      expect(() => cidrContains('10.0.0.0/8', text)).toThrow('is not a network');
    },
  );

  it('is not slowed by a pattern made to backtrack', () => {
    const startedAt = performance.now();
    expect(holds('after.name.matches("^(a+)+$")', { name: `${'a'.repeat(5000)}!` })).toBe(false);
    // The library's own `matches` needs 13 s for 28 letters.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('many findings', () => {
  it('lists as many as are asked for and counts the rest', () => {
    const changes = Array.from({ length: 30 }, (_, n) => aChange(`aws_x.a[${n}]`, 'update'));
    const report = judge({ assert: 'false' }, aPlan(changes), { maxFindings: 10 });
    expect([report.findings.length, report.unlisted]).toEqual([10, { error: 20, warning: 0 }]);
  });
});
