// Every way in which a check can end, crossed with its enforcement and with every kind of trouble: which verdict follows. The table is
// written out by hand, so that whoever changes a verdict changes a line here and is seen to do it.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { err } from '../../src/base/result.ts';
import { startWorkerFile } from '../../src/checks/cel/host.ts';
import { loadCheckSet } from '../../src/checks/load/load-check-set.ts';
import { runChecks, type RunChecksInput } from '../../src/checks/run-checks.ts';
import { KIND_NAMES } from '../../src/contracts/checks-file.ts';
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

// ------------------------------------------------------------------------------------------------ a checkout full of trouble

const SARIF = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}},"results":[]}]}';
/** A check that holds, with something that happens on the way to it. */
const script = (body: string): string => `import { check } from 'runtask-action/check';\nexport default check(async () => { ${body} });\n`;
/** What stands on the PATH as opa: it knows its version and what it can do, and then this happens. */
const opa = (then: string): string =>
  `#!/bin/sh\ncase "$1" in\nversion) echo "Version: 1.9.0" ;;\ncapabilities) echo '{"builtins":[]}' ;;\n*) ${then} ;;\nesac\n`;

const FILES: Readonly<Record<string, string>> = {
  'script/crash.ts': script('throw new Error("boom");'),
  'script/import.ts': 'throw new Error("boom");',
  'script/loop.ts': script('for (;;);'),
  'script/never.ts': script('await new Promise(() => {});'),
  'script/bomb.ts': script('const all = []; for (;;) all.push(new Array(1e6).fill(1.5));'),
  'script/chatty.ts': script('for (;;) console.log("x".repeat(100_000));'),
  'script/exits.ts': script('process.exit(0);'),
  'script/syntax.ts': 'export default check((',
  'script/nothing.ts': 'export const check = 1;',
  'script/missing.ts': `import { x } from './no-such-file.ts';\nexport default x;`,
  'reports/empty.sarif': '',
  'reports/half.sarif': SARIF.slice(0, 40),
  'reports/other.sarif': '{"hello":1}',
  'reports/bomb.xml': '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuites><testsuite name="&b;"/></testsuites>',
  'reports/deep.json': '['.repeat(100_000),
  'schemas/broken.json': '{',
  'schemas/none.json': '{ "type": "nosuchtype" }',
  'policy/empty/README': '',
  'policy/broken/p.rego': 'package main\ndeny[',
  'policy/good/p.rego': 'package main\n\nimport rego.v1\n\ndeny contains "no" if false\n',
  'opa-crash/opa': opa('kill -9 $$'),
  'opa-hangs/opa': opa('exec sleep 1000'),
  'opa-endless/opa': opa('exec yes'),
  'opa-garbage/opa': opa('echo hello'),
  'opa-silent/opa': opa('exit 0'),
  'opa-fails/opa': opa('echo "1 error occurred" >&2; exit 1'),
  'opa-stranger/opa': '#!/bin/sh\necho hello\n',
};
const CHECKOUT = realpathSync(mkdtempSync(join(tmpdir(), 'runtask-trouble-')));
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(CHECKOUT, name)), { recursive: true });
  writeFileSync(join(CHECKOUT, name), text);
  if (name.endsWith('/opa')) chmodSync(join(CHECKOUT, name), 0o755);
}
mkdirSync(join(CHECKOUT, 'policy/nothing'));
afterAll(() => rmSync(CHECKOUT, { recursive: true }));

const PLAN = aPlan([aChange('aws_x.a', 'create', { after: { n: 1 }, unknown: { id: true } })]);
const PATH = process.env['PATH'] ?? '';
/** The policies of the rego checks are handed to a program, and so is the plan. */
const PLAN_FILE = join(CHECKOUT, 'plan.json');
writeFileSync(PLAN_FILE, '{"format_version":"1.2","resource_changes":[]}');

const base: Omit<RunChecksInput, 'set'> = {
  run: aRun(),
  plan: PLAN,
  planProblem: null,
  planPath: PLAN_FILE,
  configurationDir: null,
  workspaceDir: CHECKOUT,
  masker: { text: (text) => text },
  env: { PATH },
  clock: systemClock,
  signal: new AbortController().signal,
};

/** As the action does it: load the file, run the checks, decide. */
async function judge(
  checks: string,
  over: Partial<RunChecksInput> = {},
): Promise<{ status: CheckStatus | 'unreadable'; verdict: Verdict }> {
  const text = /^(extends|waivers):/m.test(checks) ? checks : `checks:\n${checks}`;
  writeFileSync(join(CHECKOUT, 'checks.yml'), `version: 1\n${text}`);
  const fetchRepository = async () => err('GitHub does not let it be read');
  const loaded = await loadCheckSet({ workspaceDir: CHECKOUT, file: 'checks.yml', fetchRepository });
  if (!loaded.ok)
    return { status: 'unreadable', verdict: decideVerdict([], { whenNoneApply: 'fail', fileProblem: loaded.error.sentence }) };
  const { workspaceDir = CHECKOUT } = over;
  const set = { ...loaded.value, checks: loaded.value.checks.map((one) => ({ ...one, baseDir: workspaceDir })) };
  const { results } = await runChecks({ ...base, ...over, set });
  const { whenNoneApply } = set;
  return { status: results.at(-1)?.status ?? 'errored', verdict: decideVerdict(results, { whenNoneApply, fileProblem: null }) };
}

const check = (kind: string, more = ''): string => `  - { name: it, ${kind}${more} }\n`;
const TEN = '[1,2,3,4,5,6,7,8,9,10]';
const ENDLESS = Array.from({ length: 18 }, (_, n) => `${TEN}.all(v${n}, `).join('') + 'true' + ')'.repeat(18);
const HUGE = Array.from({ length: 40 }).reduce<string>((inner) => `cel.bind(l, ${inner}, l + l)`, TEN);
const SHORT = ', timeout: 300ms';
const noPlan: Partial<RunChecksInput> = { plan: null, masker: null, planPath: null, planProblem: 'HCP Terraform has none' };
const smallThread: Partial<RunChecksInput> = {
  startWorker: (role, options) => startWorkerFile(role, { ...options, resourceLimits: { maxOldGenerationSizeMb: 32 } }),
};
const noThread: Partial<RunChecksInput> = {
  startWorker: () => {
    throw new Error('no thread');
  },
};
const gone = { signal: AbortSignal.abort(new Error('cancelled')) };
const withOpa = (folder: string): Partial<RunChecksInput> => ({
  env: { PATH: `${join(CHECKOUT, folder)}${delimiter}/usr/bin${delimiter}/bin` },
});
const noOpa: Partial<RunChecksInput> = { env: { PATH: '/usr/bin:/bin' } };
const later: Partial<RunChecksInput> = { jobStartedAt: Date.now() + 3_600_000 };

const results = (file: string): string => check(`results: { files: [reports/${file}] }`);
const rego = (policy: string, more = ''): string => check(`rego: { policy: policy/${policy} }`, more);
const runs = (file: string, more = ''): string => check(`script: script/${file}.ts`, more);

type Trouble = readonly [what: string, check: string, status: CheckStatus | 'unreadable', over?: Partial<RunChecksInput>];

const TROUBLE: Readonly<Record<string, readonly Trouble[]>> = {
  'protect': [
    ['no plan', check('protect: { types: [x] }'), 'errored', noPlan],
    ['an action that nobody knows', check('protect: { types: [aws_x] }'), 'failed', { plan: aPlan([aChange('aws_x.a', 'frobnicate')]) }],
    ['no masker', check('protect: { types: [x] }'), 'errored', { masker: null }],
    ['time is up', check('protect: { types: [x] }'), 'errored', gone],
    ['nothing named', check('protect: {}'), 'unreadable'],
    ['a misspelled key', check('protect: { type: [x] }'), 'unreadable'],
  ],
  'require': [
    ['no plan', check('require: { tags: [Owner] }'), 'errored', noPlan],
    ['time is up', check('require: { tags: [Owner] }'), 'errored', gone],
    ['an unknown value', check('require: { attributes: { id: x } }'), 'failed'],
    ['an attribute that is not there', check('require: { attributes: { m: 1 } }'), 'failed'],
    ['a regular expression that is none', check('require: { attributes: { n: { matches: "(" } } }'), 'unreadable'],
    ['a network that is none', check('require: { attributes: { n: { within: [ten] } } }'), 'unreadable'],
    ['nothing required', check('require: { types: [x] }'), 'unreadable'],
    ['a misspelled key', check('require: { tag: [Owner] }'), 'unreadable'],
  ],
  'limit': [
    ['no plan', check('limit: { destroy: 0 }'), 'errored', noPlan],
    ['time is up', check('limit: { destroy: 0 }'), 'errored', gone],
    ['a plan without its configuration', check('limit: { pinned_modules: true }'), 'errored'],
    ['a region that nobody says', check('limit: { only_regions: [eu-*] }'), 'failed'],
    ['nothing limited', check('limit: { types: [x] }'), 'unreadable'],
    ['a misspelled key', check('limit: { destoy: 0 }'), 'unreadable'],
  ],
  'cel': [
    ['no plan', check('cel: { for: plan, assert: "true" }'), 'errored', noPlan],
    ['a syntax error', check('cel: { assert: "after.n =" }'), 'unreadable'],
    ['a variable that does not exist', check('cel: { assert: "aftr.n == 1" }'), 'unreadable'],
    ['a misspelled key', check('cel: { asert: "true" }'), 'unreadable'],
    ['a key that is not there', check('cel: { assert: "after.m == 1" }'), 'errored'],
    ['no boolean', check('cel: { assert: "after.n" }'), 'errored'],
    ['an unknown value', check('cel: { assert: "after.id != null" }'), 'failed'],
    ['no end', check(`cel: { for: plan, assert: "${ENDLESS}" }`, ', timeout: 900ms'), 'errored'],
    ['too much memory', check(`cel: { for: plan, assert: "size(${HUGE}) > 0" }`), 'errored', smallThread],
    ['no thread where one is needed', check(`cel: { for: plan, assert: "${ENDLESS}" }`), 'errored', noThread],
    ['no configuration in the plan', check('cel: { for: modules, assert: "true" }'), 'errored'],
    ['time is up', check('cel: { for: plan, assert: "true" }'), 'errored', gone],
  ],
  'schema': [
    ['no plan', check('schema: { resources: { aws_x: { type: object } } }'), 'errored', noPlan],
    ['time is up', check('schema: { resources: { aws_x: { type: object } } }'), 'errored', gone],
    ['no such file', check('schema: { resources: { aws_x: schemas/no.json } }'), 'errored'],
    ['a file that is not JSON', check('schema: { resources: { aws_x: schemas/broken.json } }'), 'errored'],
    ['a file that is no schema', check('schema: { resources: { aws_x: schemas/none.json } }'), 'errored'],
    ['a schema that is none', check('schema: { resources: { aws_x: { type: nosuchtype } } }'), 'unreadable'],
    ['no types', check('schema: { resources: {} }'), 'unreadable'],
    ['a misspelled key', check('schema: { resource: {} }'), 'unreadable'],
  ],
  'script': [
    ['no plan', runs('crash'), 'errored', noPlan],
    ['a crash', runs('crash'), 'errored'],
    ['a crash while it is loaded', runs('import'), 'errored'],
    ['no end', runs('loop', ', timeout: 2s'), 'errored'],
    ['a promise that nobody keeps', runs('never', ', timeout: 20s'), 'errored'],
    ['too much memory', check('script: { file: script/bomb.ts, memory_mb: 64 }'), 'errored'],
    ['endless output', runs('chatty', ', timeout: 20s'), 'errored'],
    ['an exit in the middle', runs('exits'), 'errored'],
    ['a syntax error', runs('syntax'), 'errored'],
    ['no check in it', runs('nothing'), 'errored'],
    ['an import that is not there', runs('missing'), 'errored'],
    ['no such file', runs('no-such-script'), 'errored'],
    ['a file outside', check('script: ../x.ts'), 'unreadable'],
    ['a misspelled key', check('script: { fil: script/crash.ts }'), 'unreadable'],
    ['time is up', runs('crash'), 'errored', gone],
  ],
  'run': [
    ['no plan', check('run: { command: ["true", $TF_PLAN_JSON] }'), 'errored', noPlan],
    ['no such tool', check('run: { command: [no-such-tool-x] }'), 'errored'],
    ['exit code', check('run: { command: ["false"] }'), 'failed'],
    ['a crash', check('run: { command: [sh, -c, "kill -9 $$"] }'), 'errored'],
    ['no end', check('run: { command: [sleep, "1000"] }', SHORT), 'errored'],
    ['endless output', check('run: { command: ["yes"] }'), 'errored'],
    ['exit code without findings', check(`run: { command: [sh, -c, "echo '${SARIF.replaceAll('"', '\\"')}'; exit 2"] }`), 'errored'],
    ['an unreadable report', check('run: { command: [echo, hello], format: sarif }'), 'errored'],
    ['no report', check('run: { command: ["true"], report: no-such-report.sarif }'), 'errored'],
    ['an old report', check('run: { command: ["true"], report: reports/other.sarif }'), 'errored'],
    ['a forbidden variable', check('run: { command: ["true"], env: [GITHUB_TOKEN] }'), 'unreadable'],
    ['a misspelled key', check('run: { comand: ["true"] }'), 'unreadable'],
    ['no directory', check('run: { command: ["true"] }'), 'errored', { workspaceDir: '/no/such/directory' }],
    ['time is up', check('run: { command: ["true"] }'), 'errored', gone],
  ],
  'results': [
    ['no such file', results('no.sarif'), 'errored'],
    ['a glob that nothing matches', results('*.junit'), 'errored'],
    ['an empty report', results('empty.sarif'), 'errored'],
    ['half of a report', results('half.sarif'), 'errored'],
    ['a report of another kind', results('other.sarif'), 'errored'],
    ['entities that multiply', results('bomb.xml'), 'errored'],
    ['a report without end of depth', results('deep.json'), 'errored'],
    ['a report of an earlier job', results('half.sarif'), 'errored', later],
    ['a misspelled key', check('results: { file: [x] }'), 'unreadable'],
    ['time is up', results('half.sarif'), 'errored', gone],
  ],
  'rego': [
    ['no plan', rego('good'), 'errored', { ...noPlan, ...withOpa('opa-silent') }],
    ['no such tool', rego('good'), 'errored', noOpa],
    ['another program of that name', rego('good'), 'errored', withOpa('opa-stranger')],
    ['an empty folder', rego('nothing'), 'errored', withOpa('opa-silent')],
    ['a folder without policies', rego('empty'), 'errored', withOpa('opa-silent')],
    ['no such folder', rego('no-such-folder'), 'errored', withOpa('opa-silent')],
    ['a crash', rego('good'), 'errored', withOpa('opa-crash')],
    ['no end', rego('good', ', timeout: 2s'), 'errored', withOpa('opa-hangs')],
    ['endless output', rego('good'), 'errored', withOpa('opa-endless')],
    ['an answer that is none', rego('good'), 'errored', withOpa('opa-garbage')],
    ['no answer', rego('good'), 'errored', withOpa('opa-silent')],
    ['a syntax error', rego('broken'), 'errored', withOpa('opa-fails')],
    ['a misspelled key', check('rego: { polices: x }'), 'unreadable'],
    ['time is up', rego('good'), 'errored', { ...gone, ...withOpa('opa-silent') }],
  ],
  'any': [
    ['no kind', check('enforce: mandatory'), 'unreadable'],
    ['two kinds', check('protect: { types: [x] }, cel: { assert: "true" }'), 'unreadable'],
    ['a kind that does not exist', check('magic: { x: 1 }'), 'unreadable'],
    ['a misspelled `when`', check('protect: { types: [x] }, when: { workspaces: [x] }'), 'unreadable'],
    ['a project that nobody knows', check('protect: { types: [x] }, when: { project: x }'), 'errored'],
    ['`when: changes` without a plan', check('run: { command: ["true"] }, when: { changes: aws_x }'), 'errored', noPlan],
    ['`when: destroy` without a plan', check('run: { command: ["true"] }, when: { destroy: false }'), 'errored', noPlan],
  ],
  'what it extends': [
    ['a pack that does not exist', 'extends: [{ pack: no-such-pack }]', 'unreadable'],
    ['a file that does not exist', 'extends: [{ file: no-such-file.yml }]', 'unreadable'],
    ['a repository that cannot be had', `extends: [{ repository: a/b, commit: ${'a'.repeat(40)} }]`, 'unreadable'],
    ['a branch', 'extends: [{ repository: a/b, commit: main }]', 'unreadable'],
    ['everything left out', 'extends: [{ pack: aws-basics, without: ["*"] }]', 'unreadable'],
    ['itself', 'extends: [{ file: checks.yml }]', 'unreadable'],
    ['nothing at all', 'waivers: []', 'unreadable'],
  ],
};

describe.each(Object.entries(TROUBLE))('trouble in %s', (_kind, rows) => {
  it.each(rows)('%s: failed, and why', async (_trouble, text, status, over = {}) => {
    const judged = await judge(text, over);
    expect([judged.status, judged.verdict.status]).toEqual([status, F]);
    // A reason is a sentence, not a code: at least some words beyond the check's name.
    expect(judged.verdict.message.split(' ').length).toBeGreaterThan(6);
    // No place on the runner, which means nothing to whoever reads the verdict.
    expect(judged.verdict.message).not.toContain(CHECKOUT);
  });

  // Where nothing can run, or the whole run has ended, the other check has not passed either. What takes seconds is not waited for twice.
  const slow = ['no end', 'too much memory'];
  const alone = rows.filter(
    ([trouble, , status, over]) =>
      status !== 'unreadable' && over?.signal === undefined && over?.workspaceDir === undefined && !slow.includes(trouble),
  );
  if (alone.length === 0) return;
  it.each(alone)('%s: an advisory check does not stop a mandatory one from passing', async (_trouble, text, status, over = {}) => {
    const advisory = text.replace(/ }\n$/, ', enforce: advisory }\n');
    const judged = await judge(`  - { name: fine, run: { command: ["true"] } }\n${advisory}`, over);
    expect(judged.status).toBe(status);
    // Without a masker nothing may be said, and so nothing can pass.
    const masked = over.masker === null && over.plan === undefined;
    expect(judged.verdict.status).toBe(masked ? F : P);
  });
});

it('every kind is among them', () => {
  expect(
    Object.keys(TROUBLE)
      .filter((kind) => KIND_NAMES.some((name) => name === kind))
      .sort(),
  ).toEqual([...KIND_NAMES].sort());
});
