// Reports in every format: samples written after the tools' formats (no tool's own output), broken ones and hostile ones. Dialects of
// SARIF have their own file.
import { describe, expect, it } from '@jest/globals';
import { readReport, type FormatName } from '../../../src/checks/reports/formats.ts';
import type { Report, ReportContext, ReportFinding } from '../../../src/checks/reports/report.ts';

const QUOTED = 'aws_subnet.s["eu.aws_s3_bucket.b"]';
const context: ReportContext = {
  actions: new Map([
    ['aws_s3_bucket.b', 'create'],
    ['module.net.aws_subnet.s', 'update'],
    [QUOTED, 'create'],
  ]),
  namesInModules: new Set(),
  roots: ['/conf'],
  planPath: '/tmp/x/plan.json',
  severity: 'critical',
};

type Wanted = FormatName | 'auto';
function read(text: string | Buffer, wanted: Wanted = 'auto'): Report {
  const found = readReport(Buffer.from(text as string), wanted, context);
  if (found === null) throw new Error('in no format');
  if (!found.report.ok) throw new Error(found.report.error);
  return found.report.value;
}
const refusal = (text: string | Buffer, wanted: Wanted = 'auto'): string => {
  const found = readReport(Buffer.from(text as string), wanted, context);
  return found === null ? 'in no format' : found.report.ok ? 'read' : found.report.error;
};
const formatOf = (text: string): string | undefined => readReport(Buffer.from(text), 'auto', context)?.format;
const messages = (report: Report): string[] => report.findings.map((finding) => `${finding.level} ${finding.severity}: ${finding.message}`);
const json = (value: unknown): string => JSON.stringify(value);
const SKIPPED = '(A comment in the source skips this. That does not count here: write a waiver in the checks file.)';

describe('checkov', () => {
  const record = (over: object = {}): object => ({
    check_id: 'CKV_AWS_20',
    check_name: 'S3 Bucket has an ACL defined which allows public READ access',
    check_result: { result: 'FAILED', evaluated_keys: ['acl'] },
    code_block: [[3, '  acl = "hunter2-secret"']],
    file_path: '/main.tf',
    file_line_range: [3, 9],
    resource: 'aws_s3_bucket.b',
    resource_address: null,
    severity: null,
    guideline: 'https://docs.example.com/20',
    ...over,
  });
  const report = (results: object, summary: object = {}): object => ({ check_type: 'terraform_plan', results, summary, url: 'x' });
  const of = (failed: object[], more: object = {}, summary: object = {}): string =>
    json(report({ passed_checks: [], failed_checks: failed, skipped_checks: [], parsing_errors: [], ...more }, summary));

  it('gives address, file, line, attribute and page', () => {
    expect(read(of([record()]))).toEqual({
      findings: [
        {
          message: 'S3 Bucket has an ACL defined which allows public READ access',
          level: 'error',
          severity: 'critical',
          ruleId: 'CKV_AWS_20',
          help: null,
          url: 'https://docs.example.com/20',
          address: 'aws_s3_bucket.b',
          action: 'create',
          file: 'main.tf',
          line: 3,
          attribute: 'acl',
        },
      ],
      suppressed: 0,
      looked: 1,
      problem: null,
    });
  });

  it.each([
    [
      'the address of the plan before the name in its module',
      { resource_address: 'module.net.aws_subnet.s' },
      { address: 'module.net.aws_subnet.s' },
    ],
    ['no address that the plan does not have', { resource: 'aws_s3_bucket.other' }, { address: null, action: null }],
    ['its severity', { severity: 'LOW' }, { severity: 'low' }],
    ['no file and line of the plan', { file_path: '/plan.json' }, { file: null, line: null }],
    ['no file elsewhere', { file_path: '/../../etc/passwd' }, { file: null }],
    ['the first part of an evaluated path', { check_result: { evaluated_keys: ['versioning/[0]/enabled'] } }, { attribute: 'versioning' }],
    ['no attribute that is none', { check_result: { evaluated_keys: ['__proto__"'] } }, { attribute: null }],
    ['no script as a page', { guideline: 'javascript:alert(1)' }, { url: null }],
    ['its id when it has no name', { check_name: null }, { message: 'CKV_AWS_20' }],
  ])('takes %s', (_what, over, expected) => expect(read(of([record(over)])).findings[0]).toMatchObject(expected));

  it('reads a list of frameworks as one report', () => {
    const secrets = {
      ...report({ failed_checks: [record({ check_id: 'CKV_SECRET_1' })], passed_checks: [{}, {}] }),
      check_type: 'secrets',
    };
    const both = read(json([report({ failed_checks: [record()], passed_checks: [{}] }), secrets]));
    expect([both.findings.map(({ ruleId }) => ruleId), both.looked]).toEqual([['CKV_AWS_20', 'CKV_SECRET_1'], 5]);
  });

  it('takes no name within a module for the address of another resource', () => {
    const ofSource = json({ ...report({ failed_checks: [record()] }), check_type: 'terraform' });
    expect(read(ofSource).findings[0]).toMatchObject({ ruleId: 'CKV_AWS_20', address: null });
    expect(read(of([record({ resource_address: 'module.evil.aws_s3_bucket.b' })])).findings[0]).toMatchObject({ address: null });
  });

  it('does not believe a comment in the source that skips a check', () => {
    expect(messages(read(of([], { skipped_checks: [record({ check_result: { suppress_comment: 'trust me' } })] })))).toEqual([
      `error critical: S3 Bucket has an ACL defined which allows public READ access ${SKIPPED}`,
    ]);
  });

  it.each([
    ['more failures than it lists', of([], {}, { failed: 2 }), /counts 2 failed checks and lists 0/],
    ['skips that --quiet leaves out', json(report({ failed_checks: [] }, { failed: 0, skipped: 1, passed: 3 })), /without `--quiet`/],
    ['a file that it could not read', of([], { parsing_errors: ['/x.tf'] }), /could not read 1 file /],
  ])('is not the whole truth with %s', (_what, text, problem) => expect(read(text).problem).toMatch(problem));

  it('tells that it looked at nothing', () => {
    const bare = { passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: '3.2.500' };
    expect(read(json(bare))).toEqual({ findings: [], suppressed: 0, looked: 0, problem: null });
    expect(read(json({ ...bare, parsing_errors: 1 })).problem).toMatch(/could not read/);
    expect(read(json(report({ failed_checks: [] }, { passed: '7', failed: 0 }))).looked).toBe(7);
  });

  it.each([
    ['an empty list', '[]'],
    ['a bare form that counts failures', json({ passed: 0, failed: 3, checkov_version: '3' })],
    ['no list of failures', json({ check_type: 'terraform', results: {} })],
    ['failures that are no list', json({ check_type: 'terraform', results: { failed_checks: {} } })],
    ['a list of other things', json([1])],
    ['cut off', of([record()]).slice(0, -10)],
  ])('is refused: %s', (_what, text) => expect(refusal(text, 'checkov')).toMatch(/^The report is (not|an empty)/));

  it('counts what it cannot read', () => expect(messages(read(of(['x' as never, null as never]))).length).toBe(2));
});

describe('conftest', () => {
  const entry = (over: object = {}): object => ({ filename: 'plan.json', namespace: 'main', successes: 1, ...over });

  it('reads failures, warnings, exceptions and the metadata of the author', () => {
    const report = read(
      json([
        entry({
          failures: [
            {
              msg: 'no public buckets',
              metadata: { details: { address: 'aws_s3_bucket.b', severity: 'LOW', url: 'https://x.example' }, id: 'S3-1' },
            },
            { msg: 'plain' },
          ],
          warnings: [{ msg: 'old type' }],
          exceptions: [{ msg: 'allowed' }],
        }),
        entry({ namespace: 'other', successes: 2, skipped: [{ msg: 's' }] }),
      ]),
    );
    expect(messages(report)).toEqual(['error low: no public buckets', 'error critical: plain', 'warning medium: old type']);
    expect(report).toMatchObject({ suppressed: 2, looked: 8, problem: null });
    expect(report.findings[0]).toMatchObject({ address: 'aws_s3_bucket.b', action: 'create', ruleId: 'S3-1', url: 'https://x.example' });
  });

  it('tells that no rule was asked', () => expect(read(json([entry({ successes: 0 })])).looked).toBe(0));
  it('tells that there was no file', () => expect(read('[]', 'conftest').looked).toBe(0));

  it.each([
    ['no list', '{}'],
    ['another list', '[{"a": 1}]'],
    ['failures that are no list', json([entry({ failures: 'x' })])],
    ['null', '[null]'],
  ])('is refused: %s', (_what, text) => expect(refusal(text, 'conftest')).toMatch(/^The report (is|holds)/));

  it('counts a failure without a message', () =>
    expect(messages(read(json([entry({ failures: [{}, 7] })])))).toEqual([
      'error critical: A policy refuses this without a message',
      'error critical: A policy refuses this without a message',
    ]));
});

describe('opa', () => {
  const evaluated = (text: string, value: unknown): string =>
    json({ result: [{ expressions: [{ value, text, location: { row: 1, col: 1 } }] }] });
  const executed = (result: unknown): string => json({ result: [{ path: 'plan.json', result }] });

  it.each<[string, string, string[]]>([
    ['a set of texts', evaluated('data.main.deny', ['a', 'b']), ['error critical: a', 'error critical: b']],
    ['an empty set', evaluated('data.main.deny', []), []],
    ['a set of objects', evaluated('data.main.violation', [{ msg: 'a', details: { severity: 'low' } }]), ['error low: a']],
    ['warnings', evaluated('data.main.warn', ['a']), ['warning medium: a']],
    ['one text', evaluated('data.main.deny', 'a'), ['error critical: a']],
    [
      'a rule with keys',
      evaluated('data.main.deny', { one: 'a', two: false, three: true }),
      ['error critical: a', 'error critical: three'],
    ],
    ['allow, true', evaluated('data.main.allow', true), []],
    ['allow, false', evaluated('data.main.allow', false), ['error critical: The policy does not allow this']],
    ['deny, true', evaluated('data["main"].deny', true), ['error critical: The policy says deny']],
    ['deny, false', evaluated('data.main.deny', false), []],
    ['one item of a set', evaluated('data.main.deny[_]', 'a'), ['error critical: a']],
    ['a rule of any name that is a list', evaluated('data.main.public_buckets', ['a']), ['error critical: a']],
    [
      'a package, with helpers',
      evaluated('data.main', { deny: ['a'], warn_old: ['w'], allow: false, names: ['x'], count: 3 }),
      ['error critical: a', 'warning medium: w', 'error critical: The policy does not allow this'],
    ],
    ['packages in a package', evaluated('data.tf', { deny: [], s3: { deep: { deny: ['a'] } } }), ['error critical: a']],
    ['opa exec with a set', executed(['a']), ['error critical: a']],
    ['opa exec with a package', executed({ deny: ['a'] }), ['error critical: a']],
  ])('reads %s', (_what, text, expected) => expect(messages(read(text))).toEqual(expected));

  it.each([
    ['undefined', '{}', /undefined/],
    ['undefined, with metrics', json({ metrics: {} }), /undefined/],
    ['no value', json({ result: [{ expressions: [{ text: 'data.main.deny' }] }] }), /without a value/],
    ['no expression', json({ result: [{ expressions: [] }] }), /not OPA's/],
    ['a number', evaluated('data.main.deny', 5), /says yes or no/],
    ['null', evaluated('data.main.deny', null), /says yes or no/],
    ['true of a rule that says nothing', evaluated('data.main.public', true), /says yes or no/],
    ['true of an expression', evaluated('x := data.main.allow', true), /says yes or no/],
    ['a package without such rules', evaluated('data.main', { names: ['x'] }), /no rule named/],
    ['a package nested without end', evaluated('data', JSON.parse('{"a":'.repeat(50) + '1' + '}'.repeat(50))), /nested too deeply/],
    ['opa exec with true', executed(true), /says yes or no/],
    ['opa exec that is undefined', json({ result: [{ path: 'p', error: { code: 'opa_undefined_error' } }] }), /could not decide/],
    [
      'errors',
      json({ errors: [{ code: 'rego_parse_error', message: 'hunter2' }] }),
      /^OPA could not evaluate the policies: rego_parse_error$/,
    ],
    ['another thing', json({ result: [1] }), /not OPA's/],
    ['a list', '[]', /no object/],
  ])('is refused: %s', (_what, text, expected) => expect(refusal(text, 'opa')).toMatch(expected));
});

describe('junit', () => {
  const suite = (inner: string, attributes = ''): string =>
    `<?xml version="1.0"?><testsuites><testsuite name="s" ${attributes}>${inner}</testsuite></testsuites>`;

  it('reads Checkov', () => {
    const report = read(
      suite(
        `<testcase name="[HIGH][CKV_AWS_20] S3 is public" classname="/plan.json.aws_s3_bucket.b" file="/plan.json"><failure message="S3 is public">Resource: x</failure></testcase>
         <testcase name="[NONE][CKV_AWS_21] Versioned" classname="/main.tf.${QUOTED.replaceAll('"', '&quot;')}" file="/main.tf"><failure message="Versioned"/></testcase>
         <testcase name="[NONE][CKV_AWS_1] Fine" classname="/main.tf.aws_s3_bucket.b"/>
         <testcase name="[NONE][CKV2_AWS_62] Events" classname="/main.tf.aws_s3_bucket.b" file="/main.tf"><skipped message="trust me"/></testcase>`,
        'tests="4" failures="2" errors="0"',
      ),
    );
    expect(messages(report)).toEqual(['error high: S3 is public', 'error critical: Versioned', `error critical: Events ${SKIPPED}`]);
    expect(report.findings.map(({ ruleId, address, file }) => [ruleId, address, file])).toEqual([
      ['CKV_AWS_20', 'aws_s3_bucket.b', null],
      // Not the bucket that stands in the key.
      ['CKV_AWS_21', QUOTED, 'main.tf'],
      ['CKV2_AWS_62', 'aws_s3_bucket.b', 'main.tf'],
    ]);
    expect(report).toMatchObject({ looked: 4, problem: null });
  });

  it('takes no ending of an address for another resource', () => {
    const text = suite(
      '<testcase name="[NONE][CKV_AWS_20] x" classname="/main.tf.module.evil.aws_s3_bucket.b" file="/main.tf"><failure/></testcase>',
    );
    expect(read(text).findings[0]).toMatchObject({ ruleId: 'CKV_AWS_20', address: null });
  });

  it('takes no name within a module for the resource of that name in the root', () => {
    const of = (file: string): unknown => {
      const text = suite(`<testcase name="[NONE][CKV_AWS_20] x" classname="${file}.aws_s3_bucket.b" file="${file}"><failure/></testcase>`);
      const found = readReport(Buffer.from(text), 'junit', { ...context, namesInModules: new Set(['aws_s3_bucket.b']) });
      return found?.report.ok === true ? found.report.value.findings[0]?.address : 'no report';
    };
    expect([of('/modules/evil/main.tf'), of('/plan.json')]).toEqual([null, 'aws_s3_bucket.b']);
  });

  it('reads conftest', () => {
    const text = suite(
      '<testcase classname="conftest" name="plan.json - main - no public" time="0"><failure message="Failed" type="">no public</failure></testcase>',
    );
    expect(messages(read(text))).toEqual(['error critical: plan.json - main - no public']);
  });

  it("reads Trivy's template", () => {
    const text = suite(
      '<testcase classname="main.tf-terraform" name="[CRITICAL] AVD-AWS-0086"><failure message="Blocked ACLs" type="description">x</failure></testcase>',
    );
    expect(read(text).findings[0]).toMatchObject({ ruleId: 'AVD-AWS-0086', severity: 'critical', message: 'AVD-AWS-0086: Blocked ACLs' });
  });

  it.each<[string, string, string[]]>([
    ['an error is a failure', suite('<testcase name="t"><error message="boom"/></testcase>'), ['error critical: t: boom']],
    [
      'two failures of one case',
      suite('<testcase name="t"><failure message="a"/><failure>\n  b\n c</failure></testcase>'),
      ['error critical: t: a', 'error critical: t: b'],
    ],
    ['a suite that broke', suite('<error message="no tests"/>'), ['error critical: no tests']],
    [
      'a skipped case is told',
      suite('<testcase name="t"><skipped message="not here"/></testcase>'),
      ['warning medium: Skipped: t: not here'],
    ],
    ['skipped and failed is failed', suite('<testcase name="t"><skipped/><failure message="a"/></testcase>'), ['error critical: t: a']],
    ['only a word', suite('<testcase name="t" status="failed"/>'), ['error critical: t']],
    [
      'nested suites',
      suite('<testsuite><testsuite><testcase name="t"><failure/></testcase></testsuite></testsuite>'),
      ['error critical: t'],
    ],
    ['a suite as root', '<testsuite><testcase name="t"><failure message="a"/></testcase></testsuite>', ['error critical: t: a']],
    ['no names at all', suite('<testcase><failure/></testcase>'), ['error critical: A test failed']],
    ['a blank line in front', `\n ${suite('<testcase name="t"/>')}`, []],
    ['CDATA', suite('<testcase name="t"><failure><![CDATA[<b> & more]]></failure></testcase>'), ['error critical: t: <b> & more']],
  ])('%s', (_what, text, expected) => expect(messages(read(text))).toEqual(expected));

  it.each([
    ['nothing', '<testsuites/>'],
    ['an empty suite', suite('', 'tests="0"')],
  ])('tells that it looked at nothing: %s', (_what, text) => expect(read(text)).toMatchObject({ looked: 0, problem: null }));

  it.each([
    ['failures', suite('<testcase name="t"/>', 'failures="1"')],
    ['errors, without a case', suite('', 'tests="3" errors="3"')],
    ['in the outermost', '<testsuites failures="2"><testsuite><testcase><failure/></testcase></testsuite></testsuites>'],
  ])('is not the whole truth when it counts more than it lists: %s', (_what, text) =>
    expect(read(text).problem).toMatch(/^The report counts/),
  );

  it.each([
    ['another root', '<html><testsuite /></html>', /no `testsuites`/],
    ['cut off', suite('<testcase name="t">').slice(0, -30), /^The report is not well-formed XML \(line 1\)/],
    ['chatter in front', `Warning\n${suite('')}`, /not well-formed/],
    ['two roots', `${suite('')}<testsuites/>`, /not well-formed/],
    [
      'a bomb of entities',
      `<!DOCTYPE l [<!ENTITY a "hunter2"><!ENTITY b "&a;&a;&a;">]>${suite('<testcase name="&b;"/>')}`,
      /not well-formed/,
    ],
    [
      'an entity from a file',
      `<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>${suite('<testcase name="&a;"/>')}`,
      /not well-formed/,
    ],
    ['100,000 levels deep', `<testsuites>${'<testsuite>'.repeat(100_000)}`, /nested too deeply/],
    ['a NUL', suite('<testcase name="\0"/>'), /binary/],
  ])('is refused: %s', (_what, text, expected) => {
    const why = refusal(text, 'junit');
    expect(why).toMatch(expected);
    expect(why).not.toContain('hunter2');
  });

  it('reads a megabyte of carriage returns in no time', () => {
    const startedAt = performance.now();
    expect(read(suite(`<testcase name="t"/>${'\r\n'.repeat(500_000)}`)).looked).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('found by content', () => {
  it.each<[string, string, string | undefined]>([
    ['SARIF', json({ version: '2.1.0', runs: [] }), 'sarif'],
    ['Checkov', json({ check_type: 'terraform', results: { failed_checks: [] } }), 'checkov'],
    ['Checkov without anything', json({ passed: 0, failed: 0, checkov_version: '3' }), 'checkov'],
    ['conftest', json([{ filename: 'a', namespace: 'main', successes: 1 }]), 'conftest'],
    ['opa eval', json({ result: [{ expressions: [] }] }), 'opa'],
    ['opa exec', json({ result: [{ path: 'a' }] }), 'opa'],
    ['opa eval, undefined', '{}\n', 'opa'],
    ['opa, broken policies', json({ errors: [{ code: 'rego_type_error' }] }), 'opa'],
    ['JUnit', '<?xml version="1.0"?>\n<testsuites>', 'junit'],
    ['Checkov, cut off', '{"check_type": "terraform", "resu', 'checkov'],
    ['JUnit behind chatter', 'downloading…\n<testsuite name="x">', 'junit'],
    ['text', 'All is well', undefined],
    ['another JSON', '{"status": "ok", "result": "fine"}', undefined],
    ['another XML', '<html></html>', undefined],
  ])('%s', (_what, text, format) => expect(formatOf(text)).toBe(format));
});

describe('bytes', () => {
  const text = json([{ filename: 'plän', namespace: 'main', successes: 1, failures: [{ msg: 'für' }] }]);
  const bigEndian = (): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', bigEndian()],
  ])('%s', (_what, bytes) => expect(messages(read(bytes))).toEqual(['error critical: für']));

  it('replaces what is not UTF-8 in a message', () =>
    expect(
      messages(read(Buffer.concat([Buffer.from('[{"namespace":"m","failures":[{"msg":"a'), Buffer.from([0xff]), Buffer.from('"}]}]')]))),
    ).toEqual(['error critical: a\uFFFD']));

  it.each<[string, Buffer]>([
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0])],
  ])('refuses %s', (_what, bytes) => expect(refusal(bytes)).toMatch(/binary/));
});

describe('hostile JSON', () => {
  const DEEP = 100_000;
  const named: FormatName[] = ['sarif', 'checkov', 'conftest', 'opa'];

  it.each(named)('%s: 100,000 levels deep is refused or found to be of something else', (format) => {
    for (const text of ['['.repeat(DEEP), '['.repeat(DEEP) + ']'.repeat(DEEP), '{"result":'.repeat(DEEP) + '1' + '}'.repeat(DEEP)])
      expect(refusal(text, format)).toMatch(/^(The report|OPA says)/);
  });

  it.each(named)('%s: prototype keys are nothing special', (format) => {
    for (const text of [
      '{"__proto__":{"results":{"failed_checks":[]},"runs":[],"result":[]}}',
      '{"constructor":1,"toString":2}',
      '[{"__proto__":{"namespace":"x"}}]',
    ])
      expect(refusal(text, format)).not.toBe('read');
  });

  it('a key that comes twice is refused, also when it is written differently', () => {
    const twice = '{"check_type":"t","results":{"failed_checks":[{"check_id":"A"}],"failed_checks":[]}}';
    for (const text of [twice, twice.replace('"failed_checks":[]', '"failed\\u005fchecks":[]')])
      expect(refusal(text)).toMatch(/same key twice/);
    expect(refusal('[{"namespace":"a","x":{"a":"\\"a\\":1, \\\\"},"y":["a","a",{"a":1},{"a":1}]}]', 'conftest')).toBe('read');
  });

  it('quotes nothing of what could not be parsed', () => {
    for (const format of [...named, 'junit'] as const)
      for (const text of ['{"a": hunter2-secret}', 'hunter2-secret', '<hunter2-secret', '[{"hunter2-secret": 1}]'])
        expect(refusal(text, format)).not.toContain('hunter2');
  });

  it('does not show a message of megabytes', () => {
    const [finding] = read(
      json([{ namespace: 'm', failures: [{ msg: 'x'.repeat(3_000_000), metadata: { id: 'y'.repeat(70_000) } }] }]),
    ).findings;
    expect([finding?.message, finding?.ruleId]).toEqual(['A message of 3000000 characters, which is not shown', null]);
  });

  it.each<[FormatName, () => string]>([
    [
      'checkov',
      () =>
        json({
          check_type: 't',
          results: {
            failed_checks: Array.from({ length: 50_000 }, (_, n) => ({
              check_id: `C${n}`,
              check_name: `finding ${n}`,
              resource: 'aws_s3_bucket.b',
              file_path: `/m/${n}.tf`,
            })),
          },
        }),
    ],
    [
      'conftest',
      () => json([{ namespace: 'm', failures: Array.from({ length: 50_000 }, (_, n) => ({ msg: `finding ${n}`, metadata: { a: n } })) }]),
    ],
    [
      'opa',
      () =>
        json({ result: [{ expressions: [{ text: 'data.main.deny', value: Array.from({ length: 50_000 }, (_, n) => `finding ${n}`) }] }] }),
    ],
    [
      'junit',
      () =>
        `<testsuites>${Array.from({ length: 50_000 }, (_, n) => `<testcase name="n${n}" classname="/a.b.c.d"><failure message="finding ${n}">text</failure></testcase>`).join('')}</testsuites>`,
    ],
  ])('%s: 50,000 findings in seconds', (format, write) => {
    const text = write();
    const startedAt = performance.now();
    const { findings }: { findings: readonly ReportFinding[] } = read(text, format);
    expect(findings).toHaveLength(50_000);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
