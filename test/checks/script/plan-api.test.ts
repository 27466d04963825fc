// What an author sees of a plan, and what becomes of what they say: the four states of a value, in code that one would naturally write.
import { describe, expect, it } from '@jest/globals';
import { aChange, anOutput, aPlan, aRun } from '../builders.ts';
import type { Plan } from '../../../src/plan/model.ts';
import { judging, runScript } from './run-script.ts';

const PLAN: Plan = aPlan(
  [
    aChange('aws_s3_bucket.a', 'create', {
      after: { acl: 'private', tags: { Owner: 'me' }, note: null, rules: [{ port: 22 }, { port: 80 }], list: ['x', null] },
      unknown: { id: true, tags: { Late: true }, block: [{ id: true }], list: [false, true], rules: [{}, { from: true }] },
      afterSensitive: { acl: true },
    }),
    aChange('aws_s3_bucket.gone', 'delete', { before: { acl: 'public-read' }, beforeSensitive: { acl: true } }),
    aChange('module.m["a.b"].aws_db_instance.db["k\\"q"]', 'replace', { before: { size: 1 }, after: { size: 2 }, index: 'k"q' }),
    aChange('aws_iam_role.same', 'no-op', { before: {}, after: {} }),
    aChange('data.aws_ami.ami', 'read', { mode: 'data', type: 'aws_ami', before: null, unknown: true }),
  ],
  {
    drift: [aChange('aws_s3_bucket.drifted', 'update')],
    outputs: [anOutput('url', 'create', { after: 'x' }), anOutput('late', 'create', { unknown: true })],
    variables: new Map([
      ['region', 'eu-west-1'],
      ['__proto__', 'odd'],
    ]),
    configuration: {
      providers: [
        {
          key: 'aws',
          name: 'aws',
          fullName: 'registry.terraform.io/hashicorp/aws',
          alias: null,
          version: null,
          module: '',
          expressions: {},
        },
      ],
      modules: [{ address: 'module.m', name: 'm', module: '', source: './m', version: null, expressions: {} }],
      resources: [
        {
          address: 'aws_s3_bucket.a',
          module: '',
          mode: 'managed',
          type: 'aws_s3_bucket',
          name: 'a',
          provider: 'aws',
          expressions: { acl: { constant_value: 'private' }, id: { references: ['aws_x.y.id', 'aws_x.y'] } },
        },
      ],
    },
  },
);

/** What each expression comes to, as JSON; what it throws, by name and message. */
async function evaluate(expressions: readonly string[], plan = PLAN): Promise<unknown[]> {
  const body = `
    const a = plan.changes[0]!;
    const shown = (value) => (value === undefined ? 'undefined' : JSON.stringify(value));
    for (const f of [${expressions.map((expression) => `() => ${expression}`).join(', ')}]) {
      try { note(null, shown(f())); } catch (error) { note(null, error.name + ': ' + error.message); }
    }`;
  const { findings, reason } = await runScript({ files: judging(body), plan, params: { limit: 3 } });
  expect(reason).toBeNull();
  return findings.map(({ message }) => message);
}

const unknown = (path: string): string => `UnknownValue: aws_s3_bucket.a: ${path} is known only after apply`;

describe('a value in a plan is', () => {
  it.each([
    ['known', 'a.after.acl', '"private"'],
    ['known to be null', 'a.after.note', 'null'],
    ['absent', 'a.after.nothing', 'undefined'],
    ['known only after apply', 'a.after.id', unknown('id')],
    ['known only after apply, in a map', 'a.after.tags.Late', unknown('tags.Late')],
    ['known beside one that is not', 'a.after.tags.Owner', '"me"'],
    ['there, although unknown', "'id' in a.after && 'Late' in a.after.tags", 'true'],
    ['not there', "'nothing' in a.after || 'Nothing' in a.after.tags", 'false'],
    ['listed, although unknown', 'Object.keys(a.after.tags)', '["Owner","Late"]'],
    ['unknown when all are asked', 'Object.values(a.after.tags)', unknown('tags.Late')],
    ['unknown when all are copied', '({ ...a.after })', unknown('id')],
    ['unknown when all are written', 'JSON.stringify(a.after)', unknown('tags.Late')],
    ['found in a list before the unknown one', "a.after.list.includes('x')", 'true'],
    ['not found in a list with an unknown one', "a.after.list.includes('y')", unknown('list[1]')],
    ['known in a block', 'a.after.rules[0].port', '22'],
    ['unknown in a block', 'a.after.rules.every((rule) => rule.port > 0 && rule.from === undefined)', unknown('rules[1].from')],
    ['unknown in a block that the plan leaves out', 'a.after.block[0].id', unknown('block[0].id')],
    ['null of what is deleted', 'plan.changes[1].after', 'null'],
    ['known of what is deleted', 'plan.changes[1].before.acl', '"public-read"'],
    ['unknown as a whole', 'plan.resources[4].after', 'UnknownValue: data.aws_ami.ami: the object is known only after apply'],
    ['an unknown output', 'plan.outputs[1].after', 'UnknownValue: output.late: the object is known only after apply'],
  ])('%s: %s', async (_state, expression, came) => expect(await evaluate([expression])).toEqual([came]));

  it('asked about', async () => {
    const asked: [string, string][] = [
      ["a.isUnknown('id')", 'true'],
      ["a.isUnknown('acl')", 'false'],
      ["a.isUnknown('tags')", 'true'],
      ["a.isUnknown('tags.Owner')", 'false'],
      ['a.isUnknown(\'tags["Late"]\')', 'true'],
      ["a.isUnknown('rules[0]')", 'false'],
      ["a.isUnknown('rules[1].from')", 'true'],
      ['a.isUnknown()', 'true'],
      ['plan.changes[1].isUnknown()', 'false'],
      ["plan.resources[4].isUnknown('anything.below')", 'true'],
      ["a.isSensitive('acl')", 'true'],
      ["a.isSensitive('tags')", 'false'],
      ['a.isSensitive()', 'true'],
      ["plan.changes[1].isSensitive('acl')", 'true'],
      ["a.isSet('acl')", 'true'],
      ["a.isSet('note')", 'false'],
      ["a.isSet('nothing')", 'false'],
      ["a.isSet('id')", 'true'],
      ["a.isSet('tags')", 'true'],
      ["a.isSet('tags.Late')", 'false'],
      ["a.isSet('block')", 'true'],
      ["a.isUnknown('a b')", 'TypeError: Not a path: a b. Write it like `acl`, `ingress[0].cidr_blocks` or `tags["a:b"]`'],
      ["a.isSensitive('.acl')", 'TypeError: Not a path: .acl. Write it like `acl`, `ingress[0].cidr_blocks` or `tags["a:b"]`'],
      ["a.isUnknown('tags.')", 'TypeError: Not a path: tags.. Write it like `acl`, `ingress[0].cidr_blocks` or `tags["a:b"]`'],
    ];
    expect(await evaluate(asked.map(([expression]) => expression))).toEqual(asked.map(([, came]) => came));
  });
});

it('the plan', async () => {
  const asked: [string, unknown][] = [
    ['plan.resources.length', 5],
    ['plan.changes.map((c) => c.address)', ['aws_s3_bucket.a', 'aws_s3_bucket.gone', 'module.m["a.b"].aws_db_instance.db["k\\"q"]']],
    ["plan.ofType('aws_s3_*', 'none').map((c) => c.action)", ['create', 'delete']],
    ["plan.planned('aws_s3_*').map((c) => c.action)", ['create']],
    ['plan.planned().map((c) => c.action)', ['create', 'replace']],
    ['plan.changes[2].module + plan.changes[2].index + plan.changes[2].name', 'module.m["a.b"]k"qdb'],
    ['plan.changes[2].actions', ['delete', 'create']],
    ['plan.drift.map((c) => c.address)', ['aws_s3_bucket.drifted']],
    [
      'plan.outputs.map((o) => [o.name, o.address])',
      [
        ['url', 'output.url'],
        ['late', 'output.late'],
      ],
    ],
    ['plan.counts.destroy', 2],
    ['[plan.variables.region, Object.keys(plan.variables)]', ['eu-west-1', ['region', '__proto__']]],
    ['[plan.modules[0].source, plan.providers[0].key, plan.configuration.resources.length]', ['./m', 'aws', 1]],
    ['[plan.terraformVersion, plan.complete, plan.deferred]', ['1.11.4', true, []]],
    ['[run.workspace, run.stage, params.limit]', ['net-prod', aRun().stage, 3]],
  ];
  expect(await evaluate(asked.map(([expression]) => expression))).toEqual(asked.map(([, came]) => JSON.stringify(came)));
});

it('what the plan does not say throws; it is not an empty list', async () => {
  const why =
    "Error: The plan does not say how it is written (HCP Terraform's redacted plans do not), so modules and providers are not known";
  expect(await evaluate(['plan.modules', 'plan.providers', 'plan.configuration', 'plan.variables'], aPlan(PLAN.changes))).toEqual([
    why,
    why,
    why,
    '{}',
  ]);
  expect(await evaluate(['plan.ofType()', 'plan.ofType(undefined)', 'plan.planned(3)'])).toEqual(
    Array(3).fill('TypeError: ofType(…) and planned(…) take resource types, such as "aws_s3_bucket" or "aws_*"'),
  );
});

describe('reading an unknown value', () => {
  it('ends a script that does not expect it: a finding, and an error, because the rest was not judged', async () => {
    const body = "for (const bucket of plan.planned()) if (bucket.after.id === 'x') fail(bucket, 'x');";
    const { findings, reason } = await runScript({ files: judging(body), plan: PLAN });
    expect(findings).toEqual([
      expect.objectContaining({
        level: 'error',
        address: 'aws_s3_bucket.a',
        action: 'create',
        attribute: 'id',
        message: '`id` is known only after apply, so it cannot be judged before',
      }),
    ]);
    expect(reason).toBe(
      '.runtask/check.ts:4:55: UnknownValue: aws_s3_bucket.a: id is known only after apply. It stopped there, and the rest was not judged. Ask `isUnknown(path)` first, or judge with `each(…)`',
    );
  });

  it.each([
    ['', 'error'],
    [", { unknown: 'fail' }", 'error'],
    [", { unknown: 'warn', rule: 'r1' }", 'warning'],
    [", { unknown: 'pass' }", null],
  ])('is a finding about its subject in each(…%s), and the next one is judged', async (options, level) => {
    const plan = aPlan([aChange('a_b.one', 'create', { unknown: { n: true } }), aChange('a_b.two', 'create', { after: { n: 5 } })]);
    const outcomes = await Promise.all(
      ['', 'async '].map((word) =>
        runScript({ files: judging(`each(plan.planned(), ${word}(one) => { if (one.after.n > 3) fail(one, 'much'); }${options});`), plan }),
      ),
    );
    for (const { findings, reason } of outcomes) {
      expect(reason).toBeNull();
      const [first] = findings.filter(({ address }) => address === 'a_b.one');
      expect(first?.level ?? null).toBe(level);
      expect(first?.ruleId ?? null).toBe(options.includes('r1') ? 'r1' : null);
      expect(findings.filter(({ address }) => address === 'a_b.two').map(({ message }) => message)).toEqual(['much']);
    }
  });

  it('each(…) can be awaited', async () => {
    const body = `const seen: number[] = [];
      await each([1, 2, 3], async (n) => { await new Promise((go) => setTimeout(go, 5 - n)); seen.push(n); });
      note(null, seen.join());`;
    expect((await runScript({ files: judging(body) })).findings.map(({ message }) => message)).toEqual(['1,2,3']);
  });

  it('each(…) lets other errors through, also those of promises that nobody awaits', async () => {
    for (const word of ['', 'async ']) {
      const { reason } = await runScript({ files: judging(`each([1, 2], ${word}(n) => { throw new Error('boom ' + n); });`) });
      expect(reason).toMatch(/Error: boom 1$/);
    }
  });
});

describe('what is said', () => {
  it('about a change, an address, an output, the plan', async () => {
    const body = `
      fail(plan.changes[0]!, 'one', { rule: 'r', severity: 'critical', attribute: 'acl', help: 'h', url: 'https://x.test', file: 'a.tf', line: 3 });
      warn('aws_s3_bucket.drifted', 'two');
      note(plan.outputs[0]!, 'three');
      fail(null, 'four');`;
    const { findings, reason } = await runScript({ files: judging(body), plan: PLAN });
    const plain = { ruleId: null, attribute: null, help: null, url: null, file: null, line: null, severity: 'high', action: null };
    expect([reason, ...findings]).toEqual([
      null,
      {
        level: 'error',
        message: 'one',
        address: 'aws_s3_bucket.a',
        action: 'create',
        ruleId: 'r',
        severity: 'critical',
        attribute: 'acl',
        help: 'h',
        url: 'https://x.test',
        file: 'a.tf',
        line: 3,
      },
      { ...plain, level: 'error', message: 'four', address: null },
      { ...plain, level: 'warning', message: 'two', address: 'aws_s3_bucket.drifted', action: 'update' },
      { ...plain, level: 'note', message: 'three', address: 'output.url' },
    ]);
  });

  it('after its function returned still counts: forEach(async …)', async () => {
    const body = 'plan.changes.forEach(async (change) => { await new Promise((go) => setTimeout(go, 5)); fail(change, "late"); });';
    const { findings, reason } = await runScript({ files: judging(body), plan: PLAN });
    expect([reason, findings.length]).toEqual([null, 3]);
  });

  it.each([
    ["fail(null, '')", 'fail(subject, message): a message is missing'],
    ['warn(null)', 'warn(subject, message): a message is missing'],
    ["fail(undefined, 'x')", 'fail(subject, message): the subject is a change, an address or null'],
    ["fail({}, 'x')", 'fail(subject, message): the subject is a change, an address or null'],
    ["note(3, 'x')", 'note(subject, message): the subject is a change, an address or null'],
    ["fail(null, 'x', { severty: 'low' })", 'fail(…) knows no option severty. It knows: rule, severity, attribute, help, url, file, line'],
    ["fail(null, 'x', { severity: 'awful' })", 'fail(…): severity is one of info, low, medium, high, critical'],
    ["fail(null, 'x', { rule: 3 })", 'fail(…): rule is a string'],
    ["fail(null, 'x', { line: 0 })", 'fail(…): line is a whole number from 1'],
    ["each([], () => {}, { unknown: 'ignore' })", 'each(…): unknown is "fail", "warn" or "pass"'],
    ["each([], () => {}, { rules: 'x' })", 'each(…) knows no option rules. It knows: unknown, rule'],
  ])('wrongly is told with its line: %s', async (call, why) => {
    const { reason } = await runScript({ files: judging(call) });
    expect(reason).toBe(`.runtask/check.ts:4:1: TypeError: ${why}`);
  });
});

it('explains what it looked at and what became of it', async () => {
  const told: string[] = [];
  const body = "console.log('hello'); for (const change of plan.changes) if (change.before?.acl) fail(change, 'was public');";
  await runScript({ files: judging(body), plan: PLAN, explain: (subject, saw) => void told.push(`${subject}: ${saw}`) });
  expect(told).toEqual([
    `.runtask/check.ts: node ${process.versions.node}, at most 1024 MB, 5 resource changes; exit code 0`,
    '.runtask/check.ts: printed: hello',
    'aws_s3_bucket.a: looked at, nothing said',
    'module.m["a.b"].aws_db_instance.db["k\\"q"]: looked at, nothing said',
    'aws_s3_bucket.gone: error: was public',
  ]);
});
