// `runtask test` as a process: which tests hold, what is told of those that do not, and how it ends.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toPlanDocument } from '../../src/cli/test/inline-plan.ts';
import { checksTestSchema } from '../../src/contracts/checks-tests.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-test-'));
  mkdirSync(path.join(folder, '.runtask/tests'), { recursive: true });
  write(
    '.runtask/checks.yml',
    `version: 1
checks:
  - { name: stores stay, protect: { types: [aws_db_instance] } }
  - name: no public buckets
    cel: { when: "type == 'aws_s3_bucket_acl'", assert: "after.acl != 'public-read'", message: "\${address} would be \${after.acl}" }
  - { name: nets only, when: { workspace: "net-*" }, protect: { types: [aws_vpc] } }
  - { name: tool, run: { command: [no-such-tool-anywhere] }, enforce: advisory }
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

function run(...args: string[]) {
  const argv = [path.join(ROOT, 'src/cli/index.ts'), 'test', '--directory', folder, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: 60_000 });
  return { status, stdout: stdout.replace(/ \d+ ms$/gm, ' N ms'), stderr };
}

const PUBLIC = `{ address: 'module.a["x.y"].aws_s3_bucket_acl.site["k"]', after: { acl: public-read } }`;

describe('runtask test', () => {
  it('says of each test whether it holds, and which checks none has seen fail', () => {
    write(
      '.runtask/tests/a.yml',
      `version: 1
tests:
  - name: a public bucket fails
    only: [stores stay, no public buckets, nets only]
    changes: [${PUBLIC}]
    expect:
      verdict: failed
      findings: [{ check: no public buckets, address: "*site*", message: "*would be public-read" }]
      passed: [stores stay]
      skipped: [nets only]
  - name: a missing tool is told
    changes: [${PUBLIC}]
    run: { workspace: net-prod }
    expect: { verdict: failed, broken: [{ check: tool, reason: "*not installed*" }] }
`,
    );
    expect(run()).toEqual({
      status: 0,
      stdout: `.runtask/tests/a.yml
  ✓ a public bucket fails N ms
  ✓ a missing tool is told N ms

2 passed
No test has seen these checks fail: stores stay, nets only, tool
`,
      stderr: '',
    });
  });

  it('tells every difference of a test that does not hold', () => {
    write(
      '.runtask/tests/a.yml',
      `version: 1
tests:
  - name: wrong in every way
    changes:
      - ${PUBLIC}
      - { address: aws_db_instance.a, before: {}, after: null }
    expect:
      verdict: passed
      findings: [{ check: no public bucket }, { check: no public buckets, level: warning }]
      passed: [nets only]
      skipped: [stores stay]
`,
    );
    const { status, stdout } = run();
    expect(status).toBe(1);
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('      '))
        .map((line) => line.trim()),
    ).toEqual([
      'no check is called "no public bucket"; did you mean "no public buckets"?',
      expect.stringMatching(/^the verdict is failed, expected passed: /),
      'missing: error of "no public bucket"',
      'missing: warning of "no public buckets"',
      'not expected: error of "stores stay", at aws_db_instance.a, high, "aws_db_instance.a would be destroyed"',
      expect.stringMatching(/^not expected: error of "no public buckets", at module\.a\["x\.y"\]\.aws_s3_bucket_acl\.site\["k"\], high/),
      'nets only is skipped (the check is for workspace net-*), expected passed',
      'stores stay is failed, expected skipped',
      expect.stringMatching(/^tool could not run: no-such-tool-anywhere is not installed/),
    ]);
  });

  it('gives an expectation with many words the finding that only it can have', () => {
    write(
      '.runtask/tests/a.yml',
      `version: 1
tests:
  - name: two databases
    only: [stores stay]
    changes: [{ address: aws_db_instance.a, action: delete }, { address: aws_db_instance.b, action: delete }]
    expect: { findings: [{ check: stores stay }, { check: stores stay, address: aws_db_instance.a }] }
`,
    );
    expect(run()).toMatchObject({ status: 0 });
  });

  it.each([
    ['no tests', '', /tests: Cannot be read|holds no test file/],
    [
      'a misspelled key',
      'version: 1\ntests: [{ name: a, changes: [], expct: { verdict: passed } }]',
      /a\.yml:2:.*Unknown key "expct".*"expect"/,
    ],
    [
      'a plan and changes',
      'version: 1\ntests: [{ name: a, changes: [], plan: x, expect: { verdict: passed } }]',
      /one of `plan`, `changes`/,
    ],
    ['an expectation of nothing', 'version: 1\ntests: [{ name: a, changes: [], expect: {} }]', /Write what is expected/],
  ])('refuses %s with 2', (_what, text, expected) => {
    if (text !== '') write('.runtask/tests/a.yml', text);
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toMatch(expected);
  });

  it('ends with 2 when no test has the name, and with 1 when a plan cannot be read', () => {
    write('.runtask/tests/a.yml', 'version: 1\ntests: [{ name: a, only: [stores stay], plan: none.json, expect: { verdict: passed } }]');
    expect(run('--name', 'b*')).toMatchObject({ status: 2, stderr: expect.stringContaining('No test was run') });
    expect(run('--name', 'a')).toMatchObject({ status: 1, stdout: expect.stringContaining('There is no such file') });
  });

  it('prints JSON for scripts', () => {
    write(
      '.runtask/tests/a.yml',
      `version: 1\ntests: [{ name: a, only: [no public buckets], changes: [${PUBLIC}], expect: { verdict: passed } }]`,
    );
    const { status, stdout } = run('--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      tests: [{ file: '.runtask/tests/a.yml', name: 'a', problems: [expect.stringContaining('verdict is failed')] }],
      never_seen_failing: ['stores stay', 'nets only', 'tool'],
    });
  });

  it('runs the tests of the example', () => {
    const argv = [path.join(ROOT, 'src/cli/index.ts'), 'test', '--directory', path.join(ROOT, 'examples')];
    const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: 60_000 });
    expect(stdout).toContain('5 passed');
    expect(status).toBe(0);
  });
});

describe('toPlanDocument', () => {
  it('fills in what Terraform would write', () => {
    const test = checksTestSchema.parse({
      name: 'a',
      changes: [
        { address: 'module.a["x.y"].module.b[0].data.aws_x.c["say \\"hi\\""]', action: 'read', unknown: ['id', 'net[1].ip'] },
        { address: 'aws_x.d[3]', before: { a: 1 }, sensitive: ['a'] },
      ],
      outputs: { url: { after: 'x' } },
      variables: { region: 'eu' },
      expect: { verdict: 'passed' },
    });
    expect(toPlanDocument(test)).toMatchObject({
      variables: { region: { value: 'eu' } },
      resource_changes: [
        {
          module_address: 'module.a["x.y"].module.b[0]',
          mode: 'data',
          type: 'aws_x',
          name: 'c',
          index: 'say "hi"',
          change: { actions: ['read'], before: {}, after: {}, after_unknown: { id: true, net: [{}, { ip: true }] } },
        },
        {
          mode: 'managed',
          type: 'aws_x',
          name: 'd',
          index: 3,
          change: { actions: ['update'], before: { a: 1 }, after: { a: 1 }, before_sensitive: { a: true }, after_sensitive: { a: true } },
        },
      ],
      output_changes: { url: { actions: ['create'], before: null, after: 'x' } },
    });
  });
});
