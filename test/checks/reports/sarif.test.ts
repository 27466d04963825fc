// SARIF reports of several dialects, broken ones and hostile ones. The samples are written after the tools' formats.
import { describe, expect, it } from '@jest/globals';
import { sarif } from '../../../src/checks/reports/sarif.ts';
import type { Report, ReportContext, ReportFinding } from '../../../src/checks/reports/report.ts';

const context: ReportContext = {
  actions: new Map([['aws_s3_bucket.b', 'create']]),
  namesInModules: new Set(),
  roots: ['/conf', '/work space'],
  planPath: '/tmp/x/plan.json',
  severity: 'high',
};
const log = (results: unknown, driver: object = {}, run: object = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [{ tool: { driver: { name: 'tool', ...driver } }, results, ...run }],
  });
const read = (text: string): Report => {
  const report = sarif.read(text, context);
  if (!report.ok) throw new Error(report.error);
  return report.value;
};
const readOne = (result: object, driver: object = {}, run: object = {}): ReportFinding | undefined =>
  read(log([result], driver, run)).findings[0];
const refusal = (text: string): string => {
  const report = sarif.read(text, context);
  return report.ok ? 'read' : report.error;
};
const at = (uri: string, more: object = {}): object => ({
  locations: [{ physicalLocation: { artifactLocation: { uri, ...more }, region: { startLine: 7 } } }],
});

describe('sarif', () => {
  it('reads a scanner of configurations (rule by index, severity as CVSS, file and line)', () => {
    const rules = [
      {
        id: 'CKV_AWS_20',
        shortDescription: { text: 'S3 is public' },
        helpUri: 'https://docs.example.com/20',
        help: { text: 'Make it private' },
        properties: { 'security-severity': '8.1' },
      },
    ];
    const result = {
      ruleId: 'CKV_AWS_20',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'S3 Bucket has an ACL defined which allows public READ access.' },
      ...at('modules/s3/main.tf'),
    };
    expect(readOne(result, { rules })).toEqual({
      message: 'S3 Bucket has an ACL defined which allows public READ access.',
      level: 'error',
      severity: 'high',
      ruleId: 'CKV_AWS_20',
      help: 'Make it private',
      url: 'https://docs.example.com/20',
      address: null,
      action: null,
      file: 'modules/s3/main.tf',
      line: 7,
    });
  });

  it.each([
    ['result level', { level: 'note' }, {}, 'note', 'low'],
    ['rule level', {}, { defaultConfiguration: { level: 'error' } }, 'error', 'high'],
    ['no level: warning', {}, {}, 'warning', 'medium'],
    ['none is a note', { level: 'none' }, {}, 'note', 'low'],
    ['a word that is no level is the worst', { level: 'catastrophe' }, {}, 'error', 'high'],
    ['CVSS 9.8', { level: 'error' }, { properties: { 'security-severity': '9.8' } }, 'error', 'critical'],
    ['CVSS as a number in the result', { level: 'warning', properties: { 'security-severity': 4 } }, {}, 'warning', 'medium'],
    [
      'a word among tags (Trivy)',
      { level: 'error' },
      { properties: { tags: ['misconfiguration', 'security', 'CRITICAL'] } },
      'error',
      'critical',
    ],
    ['a word in properties (KICS)', { level: 'error' }, { properties: { severity: 'LOW' } }, 'error', 'low'],
    ['a review is a note', { kind: 'review', level: 'error' }, {}, 'note', 'low'],
    ['a new kind fails', { kind: 'disaster', level: 'error' }, {}, 'error', 'high'],
  ])('%s', (_what, result, rule, level, severity) => {
    const found = readOne({ ruleId: 'R', message: { text: 'm' }, ...result }, { rules: [{ id: 'R', ...rule }] });
    expect([found?.level, found?.severity]).toEqual([level, severity]);
  });

  it.each(['pass', 'notApplicable', 'informational'])('leaves out results of kind %s', (kind) => {
    expect(read(log([{ kind, message: { text: 'm' } }])).findings).toEqual([]);
  });

  it.each([
    ['external', [{ kind: 'external' }], 1],
    ['accepted', [{ kind: 'external', status: 'accepted' }], 1],
    ['rejected', [{ kind: 'external', status: 'rejected' }], 0],
    ['one of two under review', [{ kind: 'external' }, { kind: 'external', status: 'underReview' }], 0],
    ['a comment in the judged source', [{ kind: 'inSource' }], 0],
    ['an empty list', [], 0],
    ['nonsense', ['x'], 0],
  ])('suppressed by %s: %d', (_what, suppressions, suppressed) => {
    const report = read(log([{ message: { text: 'm' }, suppressions }]));
    expect([report.suppressed, report.findings.length]).toEqual([suppressed, 1 - suppressed]);
  });

  it('finds rules by id, by a hierarchical id, and in extensions', () => {
    const driver = { rules: [{ id: 'A', helpUri: 'https://a.example' }] };
    const run = { tool: { driver, extensions: [{ name: 'pack', rules: [{ id: 'B', helpUri: 'https://b.example' }] }] } };
    const url = (result: object): unknown => readOne({ message: { text: 'm' }, ...result }, {}, run)?.url;
    expect(url({ ruleId: 'A' })).toBe('https://a.example');
    expect(url({ ruleId: 'A/sub/x' })).toBe('https://a.example');
    expect(url({ ruleId: 'B' })).toBe('https://b.example');
    expect(url({ rule: { index: 0, toolComponent: { index: 0 } } })).toBe('https://b.example');
    expect(url({ ruleId: 'B', ruleIndex: 0 })).toBe('https://b.example');
    expect(url({ ruleId: 'C', ruleIndex: 99 })).toBe(null);
  });

  it('writes messages from ids and arguments, and falls back on the rule', () => {
    const rules = [{ id: 'R', shortDescription: { text: 'short' }, messageStrings: { one: { text: '{0} is {1}, {7}' } } }];
    expect(readOne({ ruleId: 'R', message: { id: 'one', arguments: ['x', 'bad'] } }, { rules })?.message).toBe('x is bad, {7}');
    expect(readOne({ ruleId: 'R', message: { text: ' ' } }, { rules })?.message).toBe('short');
    expect(readOne({ ruleId: 'Q' })?.message).toBe('Q');
    expect(readOne({})?.message).toBe('The tool gives no message');
  });

  it('takes an address only if the plan has it', () => {
    const result = (name: string): object => ({
      message: { text: 'm' },
      locations: [{ logicalLocations: [{ fullyQualifiedName: name }] }],
    });
    expect(readOne(result('aws_s3_bucket.b'))).toMatchObject({ address: 'aws_s3_bucket.b', action: 'create' });
    expect(readOne(result('default_action.redirect'))).toMatchObject({ address: null, action: null });
  });

  it('takes no name within a module for the resource of that name in the root', () => {
    const of = (name: string, uri?: string): unknown => {
      const physicalLocation = uri === undefined ? undefined : { artifactLocation: { uri } };
      const text = log([{ message: { text: 'm' }, locations: [{ logicalLocations: [{ name }], physicalLocation }] }]);
      const report = sarif.read(text, { ...context, namesInModules: new Set(['aws_s3_bucket.b']) });
      return report.ok ? report.value.findings[0]?.address : 'no report';
    };
    expect([of('aws_s3_bucket.b'), of('aws_s3_bucket.b', 'modules/evil/main.tf'), of('aws_s3_bucket.b', 'plan.json')]).toEqual([
      null,
      null,
      'aws_s3_bucket.b',
    ]);
  });

  it.each([
    ['percent-encoded', 'a%20b/m%C3%A4in.tf', 'a b/mäin.tf'],
    ['absolute inside the configuration', 'file:///conf/main.tf', 'main.tf'],
    ['absolute inside the checkout', '/work%20space/x/main.tf', 'x/main.tf'],
    ['with dots that stay inside', './a/../main.tf', 'main.tf'],
    ['on Windows', 'a\\main.tf', 'a/main.tf'],
    ['absolute elsewhere', 'file:///etc/passwd', null],
    ['climbing out', '../../etc/passwd', null],
    ['climbing out, encoded', '%2e%2e/%2e%2e/etc/passwd', null],
    ['climbing out of the root', 'file:///conf/../etc/passwd', null],
    ['on another host', 'file://evil.example/share', null],
    ['a web address', 'https://evil.example/x', null],
    ['a script', 'javascript:alert(1)', null],
    ['a broken escape', 'a%zz', null],
    ['a NUL', 'a%00b', null],
    ['the plan', 'plan.json', null],
    ['the plan, absolute', 'file:///tmp/x/plan.json', null],
  ])('path %s', (_what, uri, file) => expect(readOne({ message: { text: 'm' }, ...at(uri) })?.file).toBe(file));

  it('resolves bases, and does not go round in circles', () => {
    const originalUriBaseIds = {
      SRC: { uri: 'file:///conf/' },
      MOD: { uri: 'modules/', uriBaseId: 'SRC' },
      A: { uri: 'a/', uriBaseId: 'B' },
      B: { uri: 'b/', uriBaseId: 'A' },
    };
    const file = (uriBaseId: string): unknown =>
      readOne({ message: { text: 'm' }, ...at('main.tf', { uriBaseId }) }, {}, { originalUriBaseIds })?.file;
    expect(file('MOD')).toBe('modules/main.tf');
    expect(file('UNKNOWN')).toBe('main.tf');
    expect(file('A')).toMatch(/main\.tf$/);
  });

  it('takes the path from the list of artifacts', () => {
    const locations = [{ physicalLocation: { artifactLocation: { index: 0 } } }];
    expect(readOne({ message: { text: 'm' }, locations }, {}, { artifacts: [{ location: { uri: 'main.tf' } }] })).toMatchObject({
      file: 'main.tf',
      line: null,
    });
  });

  it.each([
    ['0', 0],
    ['negative', -1],
    ['a fraction', 1.5],
    ['text', '7'],
    ['huge', 1e300],
  ])('no line that is %s', (_what, startLine) => {
    const locations = [{ physicalLocation: { artifactLocation: { uri: 'a.tf' }, region: { startLine } } }];
    expect(readOne({ message: { text: 'm' }, locations })).toMatchObject({ file: 'a.tf', line: null });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'not a url', 'file:///etc/passwd'])('no link to %s', (helpUri) => {
    expect(readOne({ ruleId: 'R', message: { text: 'm' } }, { rules: [{ id: 'R', helpUri }] })?.url).toBe(null);
  });
});

describe('dialects', () => {
  const text = (message: string): object => ({ message: { text: message } });
  it.each<[string, object, object, object]>([
    [
      'Checkov: a comment in the source does not count, and the level of another finding is not its own',
      {
        ruleId: 'CKV_AWS_20',
        ruleIndex: 0,
        level: 'warning',
        ...text('S3 is public'),
        suppressions: [{ kind: 'inSource', justification: 'ok' }],
        ...at('main.tf'),
      },
      { rules: [{ id: 'CKV_AWS_20', defaultConfiguration: { level: 'error' }, help: { text: 'Guideline' } }] },
      {
        ruleId: 'CKV_AWS_20',
        level: 'error',
        severity: 'high',
        message: 'S3 is public (A comment in the source skips this. That does not count here: write a waiver in the checks file.)',
        help: 'Guideline',
        file: 'main.tf',
        line: 7,
      },
    ],
    [
      'Trivy: a score, a tag, a base for the path',
      { ruleId: 'AVD-AWS-0086', ruleIndex: 0, level: 'error', ...text('Artifact: main.tf'), ...at('main.tf', { uriBaseId: 'ROOTPATH' }) },
      {
        rules: [
          {
            id: 'AVD-AWS-0086',
            helpUri: 'https://trivy.example/0086',
            defaultConfiguration: { level: 'error' },
            properties: { 'precision': 'very-high', 'security-severity': '8.0', 'tags': ['misconfiguration', 'security', 'HIGH'] },
          },
        ],
      },
      { ruleId: 'AVD-AWS-0086', level: 'error', severity: 'high', url: 'https://trivy.example/0086', file: 'main.tf', line: 7 },
    ],
    [
      'KICS: a rule by its number, severity by its level',
      { ruleId: '487f4be7-3fd9-4506-a07a-eae252180c08', ruleIndex: 0, kind: 'fail', ...text('Bucket is public'), ...at('main.tf') },
      { rules: [{ id: '487f4be7-3fd9-4506-a07a-eae252180c08', name: 'S3 public', defaultConfiguration: { level: 'error' } }] },
      { level: 'error', severity: 'high', message: 'Bucket is public', file: 'main.tf' },
    ],
    [
      'Semgrep: the level of the rule, no word among its tags',
      {
        ruleId: 'terraform.s3-public',
        ...text('public'),
        fingerprints: { 'matchBasedId/v1': 'x' },
        properties: {},
        ...at('main.tf', { uriBaseId: '%SRCROOT%' }),
      },
      {
        rules: [
          { id: 'terraform.s3-public', defaultConfiguration: { level: 'warning' }, properties: { tags: ['LOW CONFIDENCE', 'security'] } },
        ],
      },
      { level: 'warning', severity: 'medium', file: 'main.tf' },
    ],
    [
      'Snyk: a logical path that is no address, severity as a property',
      {
        ruleId: 'SNYK-CC-TF-18',
        level: 'note',
        ...text('Bucket is not encrypted'),
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'main.tf', uriBaseId: 'PROJECTROOT' }, region: { startLine: 7 } },
            logicalLocations: [{ fullyQualifiedName: 'resource.aws_s3_bucket[b].acl' }],
          },
        ],
      },
      { rules: [{ id: 'SNYK-CC-TF-18', properties: { tags: ['security', 'terraform'], problem: { severity: 'low' } } }] },
      { level: 'note', severity: 'low', address: null, file: 'main.tf', line: 7 },
    ],
    [
      'tfsec: a level and a page',
      { ruleId: 'aws-s3-no-public', ruleIndex: 0, level: 'error', ...text('public'), ...at('main.tf') },
      { rules: [{ id: 'aws-s3-no-public', helpUri: 'https://tfsec.example/x' }] },
      { level: 'error', severity: 'high', url: 'https://tfsec.example/x', ruleId: 'aws-s3-no-public' },
    ],
  ])('%s', (_what, result, driver, expected) => {
    const bases = { originalUriBaseIds: { ROOTPATH: { uri: 'file:///conf/' }, PROJECTROOT: { uri: 'file:///conf/' } } };
    expect(readOne(result, driver, bases)).toMatchObject(expected);
  });
});

describe('a report that says nothing', () => {
  it.each([
    ['cut off', log([{ message: { text: 'secret-value' } }]).slice(0, -20), /^The report is not JSON/],
    ['not JSON', 'hello', /^The report is not JSON/],
    ['another JSON', '{"results": []}', /no list of `runs`/],
    ['a list', '[]', /no list of `runs`/],
    ['another version', JSON.stringify({ version: '1.0.0', runs: [] }), /SARIF 1\.0\.0/],
    ['no run', JSON.stringify({ version: '2.1.0', runs: [] }), /looked at nothing/],
    ['no results', JSON.stringify({ version: '2.1.0', runs: [{ tool: {} }] }), /without `results`/],
    ['results null', log(null), /without `results`/],
    ['a run that is no object', JSON.stringify({ version: '2.1.0', runs: [1] }), /without `results`/],
    ['100,000 levels deep', '['.repeat(100_000), /^The report is not JSON|no list/],
  ])('is refused: %s', (_what, text, expected) => expect(refusal(text)).toMatch(expected));

  it('is not the whole truth when the tool says that it failed, and what it found still counts', () => {
    const invocations = [{ executionSuccessful: false, toolExecutionNotifications: [{ message: { text: 'out of memory' } }] }];
    const problem = 'The tool says in its report that it did not succeed: out of memory';
    expect(read(log([{ message: { text: 'm' } }], {}, { invocations }))).toMatchObject({ findings: [{ message: 'm' }], problem });
    expect(refusal(log(undefined, {}, { invocations }))).toBe(problem);
  });

  it('quotes nothing of what could not be parsed', () => {
    for (const text of ['{"a": hunter2-secret}', '{"a": "hunter2-secret', 'hunter2-secret']) expect(refusal(text)).not.toContain('hunter2');
  });

  it('counts a result that cannot be read as an error', () => {
    expect(read(log(['x', null, 5])).findings.map((finding) => finding.level)).toEqual(['error', 'error', 'error']);
  });
});

describe('sarif.looksLike', () => {
  it.each([
    ['a report', log([]), true],
    ['with a byte order mark', `\uFEFF${log([])}`, true],
    ['one cut off', log([]).slice(0, -3), true],
    ['one after a line of something else', `Warning: a new version is available\n${log([])}`, true],
    ['text that talks of it', 'wrote "runs": 3 to sarif', false],
    ['another JSON', '{"runs": 3}', false],
    ['nothing', '', false],
  ])('%s', (_what, text, expected) => expect(sarif.looksLike(text)).toBe(expected));
});

it('reads 50,000 results in seconds', () => {
  const results = Array.from({ length: 50_000 }, (_, n) => ({
    ruleId: `R${n % 500}`,
    message: { text: `finding ${n}` },
    ...at(`m/${n}.tf`),
  }));
  const rules = Array.from({ length: 500 }, (_, n) => ({ id: `R${n}`, defaultConfiguration: { level: 'error' } }));
  const startedAt = performance.now();
  expect(read(log(results, { rules })).findings).toHaveLength(50_000);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
