// The kind `results` on real files: which reports become findings, and every way in which a report is none.
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { toCheckSet } from '../../../src/checks/check-set.ts';
import { readChecksFile } from '../../../src/checks/checks-file.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import { checksFileSchema } from '../../../src/contracts/checks-file.ts';
import type { CheckResult } from '../../../src/findings/finding.ts';
import type { Plan } from '../../../src/plan/model.ts';
import { aChange, aPlan, aRun } from '../builders.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

interface Options {
  readonly jobStartedAt?: number;
  readonly check?: object;
  readonly baseDir?: string;
  readonly plan?: Plan | null;
  readonly onExplain?: (check: string, subject: string, saw: string) => void;
}

async function judge(
  spec: object,
  { jobStartedAt, check = {}, plan = aPlan([aChange('aws_s3_bucket.b', 'create')]), onExplain, baseDir = folder }: Options = {},
): Promise<CheckResult> {
  const { results } = await runChecks({
    set: toCheckSet(checksFileSchema.parse({ version: 1, checks: [{ name: 'reports', results: spec, ...check }] }), baseDir),
    run: aRun(),
    plan,
    planProblem: plan === null ? 'none was made' : null,
    planPath: null,
    configurationDir: null,
    workspaceDir: folder,
    masker: plan === null ? null : { text: (text) => text.replaceAll('hunter2', '(sensitive value)') },
    env: {},
    clock: systemClock,
    signal: new AbortController().signal,
    ...(jobStartedAt === undefined ? {} : { jobStartedAt }),
    ...(onExplain === undefined ? {} : { onExplain }),
  });
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  return result;
}

const sarif = (...messages: string[]): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 't' } }, results: messages.map((text) => ({ ruleId: 'R', level: 'error', message: { text } })) }],
  });
const conftest = (msg: string): string =>
  JSON.stringify([{ filename: 'p', namespace: 'main', warnings: [{ msg, metadata: { address: 'aws_s3_bucket.b' } }] }]);
const told = (result: CheckResult): unknown[] => [result.status, result.findings.map(({ message }) => message)];

describe('reports of other steps', () => {
  it('become findings, each with the name of its report', async () => {
    await put('reports/a.sarif', sarif('one', 'password hunter2'));
    await put('reports/deep/b.sarif', sarif());
    await put('out/junit.xml', '<testsuites><testsuite><testcase name="t"><failure message="no"/></testcase></testsuite></testsuites>');
    const result = await judge({ files: ['reports/**/*.sarif', 'out/*.xml', 'out/junit.xml'] });
    expect(result.reason).toBe(null);
    expect(told(result)).toEqual([
      'failed',
      ['reports/a.sarif: one', 'reports/a.sarif: password (sensitive value)', 'out/junit.xml: t: no'],
    ]);
  });

  it('need no such name when there is one only, and find their resource', async () => {
    await put('c.json', conftest('old'));
    expect(await judge({ files: ['c.json'], format: 'conftest' })).toMatchObject({
      status: 'passed',
      findings: [{ message: 'old', level: 'warning', address: 'aws_s3_bucket.b', action: 'create' }],
    });
    expect(await judge({ files: ['c.json'] }, { check: { fail_on: 'medium' } })).toMatchObject({ status: 'failed' });
    expect(await judge({ files: ['c.json'] }, { check: { except: 'aws_s3_bucket.*', fail_on: 'medium' } })).toMatchObject({
      status: 'passed',
      findings: [],
    });
  });

  it('are judged without a plan too', async () => {
    await put('a.sarif', sarif());
    expect(await judge({ files: ['*.sarif'] }, { plan: null })).toMatchObject({ status: 'passed' });
  });

  it('are those of the workspace also for a check that comes from elsewhere', async () => {
    await put('a.sarif', sarif());
    expect(await judge({ files: ['a.sarif'] }, { baseDir: '/no/such/central/checkout' })).toMatchObject({ status: 'passed' });
  });

  it('are told one by one to whoever asks', async () => {
    await put('a.sarif', sarif('x'));
    await put('b.sarif', 'hello');
    const explained: string[] = [];
    await judge({ files: ['*.sarif'] }, { onExplain: (_check, subject, saw) => explained.push(`${subject}: ${saw}`) });
    expect(explained).toEqual([
      'a.sarif: 1 findings, 0 suppressed',
      expect.stringMatching(/^b\.sarif: The report b\.sarif is in no format/),
    ]);
  });

  it('of which one cannot be used are an error, and the others are told', async () => {
    await put('a.sarif', sarif('one'));
    await put('b.sarif', sarif('two').slice(0, -5));
    expect(await judge({ files: ['*.sarif'] })).toMatchObject({
      status: 'errored',
      reason: expect.stringMatching(/^b\.sarif: The report is not JSON/),
      findings: [{ message: 'a.sarif: one' }],
    });
  });
});

describe('no report', () => {
  it.each<[string, () => Promise<unknown>, object, RegExp]>([
    ['no file', async () => {}, { files: ['reports/*.sarif'] }, /^No file of the workspace matches "reports\/\*\.sarif"/],
    [
      'one of two globs without a file',
      () => put('a.sarif', sarif()),
      { files: ['*.sarif', '*.xml'] },
      /^No file of the workspace matches "\*\.xml"/,
    ],
    ['a folder of that name', () => mkdir(join(folder, 'a.sarif')), { files: ['*.sarif'] }, /^No file of the workspace matches/],
    ['empty', () => put('a.sarif', ''), { files: ['a.sarif'] }, /is empty/],
    ['of no known format', () => put('a.txt', 'all is well'), { files: ['a.txt'] }, /in no format that is known here. Known: sarif, /],
    ['of another format than is said', () => put('a.json', conftest('x')), { files: ['a.json'], format: 'checkov' }, /not Checkov's/],
    ['cut off', () => put('a.sarif', '{"version":"2.1.0","runs":['), { files: ['a.sarif'] }, /not JSON/],
    ['of a tool that looked at nothing', () => put('a.xml', '<testsuites/>'), { files: ['a.xml'] }, /looked at nothing/],
    [
      'a report that counts more than it lists',
      () => put('a.xml', '<testsuite failures="3"><testcase/></testsuite>'),
      { files: ['a.xml'] },
      /counts 3 failures/,
    ],
    [
      'too many files',
      () => Promise.all(Array.from({ length: 201 }, (_, n) => put(`r/${n}.sarif`, sarif()))),
      { files: ['r/*'] },
      /more than 200 files/,
    ],
    [
      'what packages and git keep',
      () => Promise.all([put('node_modules/x/a.sarif', sarif()), put('.git/a.sarif', sarif())]),
      { files: ['**/*.sarif'] },
      /^No file of the workspace matches/,
    ],
  ])('%s', async (_what, arrange, spec, reason) => {
    await arrange();
    expect(await judge(spec)).toMatchObject({ status: 'errored', reason: expect.stringMatching(reason), findings: [] });
  });

  it('that looked at nothing is none where nothing is left to look at', async () => {
    await put('a.xml', '<testsuites/>');
    expect(await judge({ files: ['a.xml'] }, { plan: aPlan([aChange('aws_s3_bucket.b', 'delete')]) })).toMatchObject({ status: 'passed' });
  });

  it('behind a link, in any way', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'x.sarif'), sarif());
    await symlink(join(outside, 'x.sarif'), join(folder, 'a.sarif'));
    await symlink(outside, join(folder, 'linked'));
    await put('real.sarif', sarif());
    await symlink('real.sarif', join(folder, 'b.link'));
    for (const file of ['a.sarif', 'linked/x.sarif', 'linked/*', 'b.link'])
      expect([file, (await judge({ files: [file] })).status]).toEqual([file, 'errored']);
    expect(await judge({ files: ['linked/x.sarif'] })).toMatchObject({ reason: expect.stringContaining('a link leads out') });
    await rm(outside, { recursive: true });
  });

  it('that is older than the job, with both times', async () => {
    await put('a.sarif', sarif());
    const began = Date.parse('2036-05-01T10:00:00Z');
    await utimes(join(folder, 'a.sarif'), new Date('2036-05-01T09:00:00Z'), new Date('2026-05-01T09:00:00Z'));
    const old = await judge({ files: ['a.sarif'] }, { jobStartedAt: began });
    expect(old).toMatchObject({ status: 'errored' });
    expect(old.reason).toBe(
      'The report a.sarif is from 2026-05-01T09:00:00.000Z, before this job began (2036-05-01T10:00:00.000Z): no step of this job wrote it',
    );
  });

  it('whose time was set forth, though it was there before the job', async () => {
    await put('a.sarif', sarif());
    await utimes(join(folder, 'a.sarif'), new Date('2040-01-01'), new Date('2040-01-01'));
    expect(await judge({ files: ['a.sarif'] }, { jobStartedAt: Date.parse('2039-01-01') })).toMatchObject({ status: 'errored' });
    expect(await judge({ files: ['a.sarif'] }, { jobStartedAt: Date.now() - 60_000 })).toMatchObject({ status: 'passed' });
  });

  it.each(['/etc/*.sarif', '../x.sarif', 'a/../../x'])('outside of the workspace is refused when the file is read: %s', (glob) => {
    const file = readChecksFile(`version: 1\nchecks:\n  - name: r\n    results: { files: ["${glob}"] }\n`, 'checks.yml');
    expect(file).toMatchObject({ ok: false, error: [{ line: 4, summary: expect.stringContaining('inside the repository') }] });
  });
});
