// Every way in which a check can end, crossed with its enforcement and with every kind of trouble: which verdict follows. The table is
// written out by hand, so that whoever changes a verdict changes a line here and is seen to do it.
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { startWorkerFile } from '../../src/checks/cel/host.ts';
import { summarizeDiagnostics } from '../../src/checks/load/problem.ts';
import { runChecks, type RunChecksInput } from '../../src/checks/run-checks.ts';
import type { CheckResult, CheckStatus, Verdict } from '../../src/findings/finding.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import { aChange, aFinding, aPlan, aResult, aRun } from '../checks/builders.ts';

type Word = Verdict['status'];
const P: Word = 'passed';
const F: Word = 'failed';

const ended = (status: CheckStatus, enforcement: 'mandatory' | 'advisory'): CheckResult =>
  aResult({
    status,
    enforcement,
    findings: status === 'failed' ? [aFinding()] : [],
    reason: status === 'errored' ? 'it broke' : status === 'not-applicable' ? 'another stage' : null,
  });

describe('status and enforcement', () => {
  // Beside the check itself: nothing, a mandatory pass, an advisory pass; and all three again with `when_none_apply: pass`.
  const TABLE: readonly [CheckStatus, 'mandatory' | 'advisory', readonly [Word, Word, Word], readonly [Word, Word, Word]][] = [
    ['passed', 'mandatory', [P, P, P], [P, P, P]],
    ['failed', 'mandatory', [F, F, F], [F, F, F]],
    ['errored', 'mandatory', [F, F, F], [F, F, F]],
    ['not-applicable', 'mandatory', [F, P, F], [P, P, P]],
    ['passed', 'advisory', [F, P, F], [P, P, P]],
    ['failed', 'advisory', [F, P, F], [P, P, P]],
    ['errored', 'advisory', [F, P, F], [P, P, P]],
    ['not-applicable', 'advisory', [F, P, F], [P, P, P]],
  ];
  const besides: readonly (readonly CheckResult[])[] = [[], [ended('passed', 'mandatory')], [ended('passed', 'advisory')]];

  it.each(TABLE)('%s, %s', (status, enforcement, strict, lenient) => {
    const verdicts = (whenNoneApply: 'fail' | 'pass'): Word[] =>
      besides.map((others) => decideVerdict([ended(status, enforcement), ...others], { whenNoneApply, fileProblem: null }).status);
    expect([verdicts('fail'), verdicts('pass')]).toEqual([strict, lenient]);
  });

  it.each([
    ['a status that nobody knows', { ...aResult(), status: 'fine' as CheckStatus }],
    ['an enforcement that nobody knows', { ...ended('failed', 'advisory'), enforcement: 'soft' as CheckResult['enforcement'] }],
    ['a pass with an error among its findings', aResult({ findings: [aFinding()] })],
  ])('%s counts as a failure', (_what, result) => {
    for (const whenNoneApply of ['fail', 'pass'] as const)
      expect(decideVerdict([aResult(), result], { whenNoneApply, fileProblem: null }).status).toBe(F);
  });

  it('no results at all, or a file that could not be used, fails whatever else is said', () => {
    for (const whenNoneApply of ['fail', 'pass'] as const) {
      expect(decideVerdict([], { whenNoneApply, fileProblem: null }).status).toBe(F);
      expect(decideVerdict([aResult()], { whenNoneApply, fileProblem: 'unreadable' }).status).toBe(F);
    }
  });
});

const PLAN = aPlan([aChange('aws_x.a', 'create', { after: { n: 1 }, unknown: { id: true } })]);
const base: Omit<RunChecksInput, 'set'> = {
  run: aRun(),
  plan: PLAN,
  planProblem: null,
  planPath: '/nowhere/plan.json',
  configurationDir: null,
  workspaceDir: tmpdir(),
  masker: { text: (text) => text },
  env: { PATH: process.env['PATH'] },
  clock: systemClock,
  signal: new AbortController().signal,
};

/** As the action does it: read the file, run the checks, decide. */
async function judge(
  checks: string,
  over: Partial<RunChecksInput> = {},
): Promise<{ status: CheckStatus | 'unreadable'; verdict: Verdict }> {
  const file = readChecksFile(`version: 1\nchecks:\n${checks}`, 'c.yml');
  if (!file.ok)
    return {
      status: 'unreadable',
      verdict: decideVerdict([], { whenNoneApply: 'fail', fileProblem: summarizeDiagnostics(file.error, 'c.yml') }),
    };
  const { results } = await runChecks({ ...base, ...over, set: toCheckSet(file.value, base.workspaceDir) });
  return {
    status: results.at(-1)?.status ?? 'errored',
    verdict: decideVerdict(results, { whenNoneApply: file.value.when_none_apply, fileProblem: null }),
  };
}

const check = (kind: string, more = ''): string => `  - { name: it, ${kind}${more} }\n`;
const SARIF = `'{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}},"results":[]}]}'`;
const TEN = '[1,2,3,4,5,6,7,8,9,10]';
const ENDLESS = Array.from({ length: 18 }, (_, n) => `${TEN}.all(v${n}, `).join('') + 'true' + ')'.repeat(18);
const HUGE = Array.from({ length: 40 }).reduce<string>((inner) => `cel.bind(l, ${inner}, l + l)`, TEN);
const noPlan: Partial<RunChecksInput> = { plan: null, masker: null, planPath: null, planProblem: 'HCP Terraform has none' };
const smallThread: Partial<RunChecksInput> = {
  startWorker: (role, options) => startWorkerFile(role, { ...options, resourceLimits: { maxOldGenerationSizeMb: 32 } }),
};
const gone = AbortSignal.abort(new Error('cancelled'));

describe('trouble in each kind', () => {
  const TROUBLE: readonly [
    kind: string,
    trouble: string,
    check: string,
    status: CheckStatus | 'unreadable',
    over?: Partial<RunChecksInput>,
  ][] = [
    ['protect', 'no plan', check('protect: { types: [x] }'), 'errored', noPlan],
    [
      'protect',
      'an action that nobody knows',
      check('protect: { types: [aws_x] }'),
      'failed',
      { plan: aPlan([aChange('aws_x.a', 'frobnicate')]) },
    ],
    ['protect', 'no masker', check('protect: { types: [x] }'), 'errored', { masker: null }],
    ['protect', 'time is up', check('protect: { types: [x] }'), 'errored', { signal: gone }],
    ['protect', 'nothing named', check('protect: {}'), 'unreadable'],
    ['protect', 'a misspelled key', check('protect: { type: [x] }'), 'unreadable'],
    ['cel', 'no plan', check('cel: { for: plan, assert: "true" }'), 'errored', noPlan],
    ['cel', 'a syntax error', check('cel: { assert: "after.n =" }'), 'unreadable'],
    ['cel', 'a variable that does not exist', check('cel: { assert: "aftr.n == 1" }'), 'unreadable'],
    ['cel', 'a key that is not there', check('cel: { assert: "after.m == 1" }'), 'errored'],
    ['cel', 'no boolean', check('cel: { assert: "after.n" }'), 'errored'],
    ['cel', 'an unknown value', check('cel: { assert: "after.id != null" }'), 'failed'],
    ['cel', 'no end', check(`cel: { for: plan, assert: "${ENDLESS}" }`, ', timeout: 200ms'), 'errored'],
    ['cel', 'too much memory', check(`cel: { for: plan, assert: "size(${HUGE}) > 0" }`), 'errored', smallThread],
    [
      'cel',
      'no thread',
      check('cel: { for: plan, assert: "true" }'),
      'errored',
      {
        startWorker: () => {
          throw new Error('no thread');
        },
      },
    ],
    ['cel', 'time is up', check('cel: { for: plan, assert: "true" }'), 'errored', { signal: gone }],
    ['run', 'no plan', check('run: { command: ["true", $TF_PLAN_JSON] }'), 'errored', noPlan],
    ['run', 'no such tool', check('run: { command: [no-such-tool-x] }'), 'errored'],
    ['run', 'exit code', check('run: { command: ["false"] }'), 'failed'],
    ['run', 'killed', check('run: { command: [sh, -c, "kill -9 $$"] }'), 'errored'],
    ['run', 'no end', check('run: { command: [sleep, "1000"] }', ', timeout: 100ms'), 'errored'],
    ['run', 'endless output', check('run: { command: ["yes"] }'), 'errored'],
    ['run', 'exit code without findings', check(`run: { command: [sh, -c, "echo ${SARIF.replaceAll('"', '\\"')}; exit 2"] }`), 'errored'],
    ['run', 'an unreadable report', check('run: { command: [echo, hello], format: sarif }'), 'errored'],
    ['run', 'no report', check('run: { command: ["true"], report: no-such-report.sarif }'), 'errored'],
    ['run', 'a forbidden variable', check('run: { command: ["true"], env: [GITHUB_TOKEN] }'), 'unreadable'],
    ['run', 'no directory', check('run: { command: ["true"] }'), 'errored', { workspaceDir: '/no/such/directory' }],
    ['run', 'time is up', check('run: { command: ["true"] }'), 'errored', { signal: gone }],
    ['any', 'no kind', check('enforce: mandatory'), 'unreadable'],
    ['any', 'two kinds', check('protect: { types: [x] }, cel: { assert: "true" }'), 'unreadable'],
    ['any', 'a kind that does not exist', check('magic: { x: 1 }'), 'unreadable'],
  ];

  it.each(TROUBLE)('%s, %s: failed, and why', async (_kind, _trouble, text, status, over = {}) => {
    const judged = await judge(text, over);
    expect([judged.status, judged.verdict.status]).toEqual([status, F]);
    // A reason is a sentence, not a code: at least some words beyond the check's name.
    expect(judged.verdict.message.split(' ').length).toBeGreaterThan(6);
  });

  it.each(TROUBLE.filter(([, , , status, over]) => status !== 'unreadable' && over?.signal !== gone))(
    '%s, %s: an advisory check does not stop a mandatory one from passing',
    async (_kind, _trouble, text, status, over = {}) => {
      const advisory = text.replace(/ }\n$/, ', enforce: advisory }\n');
      const judged = await judge(`  - { name: fine, run: { command: ["true"] } }\n${advisory}`, { ...over, workspaceDir: tmpdir() });
      // Without a directory nothing can run; with one, that trouble is none.
      expect(judged.status).toBe(over.workspaceDir === undefined ? status : 'passed');
      const masked = over.masker === null && over.plan === undefined;
      expect(judged.verdict.status).toBe(masked ? F : P);
    },
  );
});
