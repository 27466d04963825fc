// Every check that our documents, examples and packs show bites, and lets pass what it should: each is seen to fail in one test and to pass
// in another, and so is each of its conditions, waivers and extensions. An example that cannot bite teaches everybody a gate that passes by
// mistake. The tests are those of `runtask test`, in documented/ and beside the examples; tools are stand-ins.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import type { LoadedCheck } from '../../src/checks/check-set.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import type { CheckResult } from '../../src/findings/finding.ts';
import { createMasker } from '../../src/plan/masking.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { buildRun } from './build-run.ts';
import { listTestFiles, makeTools, runShownTests, runTests, type Ran } from './documented/run-tests.ts';
import { listShownTests, listSources } from './documented/sources.ts';
import { listFiles, ROOT } from './source-files.ts';

const sources = listSources();
const testFiles = await listTestFiles();
const plans = listFiles('examples/terraform-data/recorded', ['.json']);

let tools: Awaited<ReturnType<typeof makeTools>>;
beforeAll(async () => {
  tools = await makeTools();
});
afterAll(() => tools.remove());

/** Tools, scripts and policies judge what is made for them; these plans are not. */
const runsAnywhere = ({ spec }: LoadedCheck): boolean =>
  [spec.run, spec.results, spec.rego, spec.script].every((kind) => kind === undefined);

const bites = ({ findings }: CheckResult): boolean => findings.some(({ level, waived }) => level !== 'note' && waived === undefined);
const passes = (result: CheckResult): boolean => result.status === 'passed' && !bites(result);

describe.each(sources.map((source) => [source.name, source] as const))('%s', (name, source) => {
  const files = testFiles.filter(({ checks }) => checks === name);
  let ran: Ran[];
  beforeAll(async () => {
    ran = [];
    for (const file of files) ran.push(await runTests(source, file, tools.bin));
  });
  const named = (pick: (all: { loaded: LoadedCheck; results: CheckResult[] }) => boolean): string[] => {
    const results = ran.flatMap(({ outcomes }) => outcomes.flatMap((outcome) => outcome.results));
    return (ran[0]?.set.checks ?? [])
      .filter((loaded) => !pick({ loaded, results: results.filter(({ check }) => check === loaded.spec.name) }))
      .map(({ spec }) => spec.name);
  };
  const isOwn = ({ origin }: LoadedCheck): boolean => origin === null || name.startsWith('pack ');

  it('has tests', () =>
    expect(files.length > 0 ? '' : `write test/house/documented/NAME.yml with \`checks: ${name}\`, in the form of \`runtask test\``).toBe(
      '',
    ));

  it('holds in each of its tests', () => {
    const outcomes = ran.flatMap((one) => one.outcomes);
    expect(outcomes.filter(({ problems }) => problems.length > 0).map((one) => `${one.name}: ${one.problems.join('; ')}`)).toEqual([]);
  });

  it('has no check that no test has seen fail', () =>
    expect(named(({ loaded, results }) => !isOwn(loaded) || results.some(bites))).toEqual([]));

  it('has no check that no test has seen pass', () =>
    expect(named(({ loaded, results }) => !isOwn(loaded) || results.some(passes))).toEqual([]));

  it('has no condition that no test has seen exclude a run', () =>
    expect(
      named(({ loaded, results }) => !isOwn(loaded) || !loaded.spec.when || results.some(({ status }) => status === 'not-applicable')),
    ).toEqual([]));

  it('extends nothing of which no test has seen a check fail', () => {
    const origins = new Set((ran[0]?.set.checks ?? []).map(({ origin }) => origin));
    const bitten = ran.flatMap(({ outcomes }) =>
      outcomes.flatMap(({ results }) => results.filter(bites).map(({ origin }) => origin ?? null)),
    );
    expect([...origins].filter((origin) => !bitten.includes(origin))).toEqual([]);
  });

  it('has no waiver that no test has seen in effect', () => {
    const waived = ran.flatMap(({ outcomes }) => outcomes.flatMap(({ results }) => results.flatMap(({ findings }) => findings)));
    const reasons = new Set(waived.map((finding) => finding.waived?.reason));
    expect((ran[0]?.set.waivers ?? []).filter(({ reason }) => !reasons.has(reason))).toEqual([]);
  });

  it.each(plans)('comes to its end on %s', async (planFile) => {
    const plan = await readPlan({ path: path.join(ROOT, planFile) });
    const set = ran[0]?.set;
    if (!plan.ok || set === undefined) throw new Error('the plan cannot be read, or there are no tests');
    const { results } = await runChecks({
      set: { ...set, checks: set.checks.filter(runsAnywhere) },
      // Its project is known, as with `hcp-token`.
      run: buildRun({ workspace: 'net-prod', project: 'platform', destroy: false }),
      plan: plan.value,
      planProblem: null,
      planPath: path.join(ROOT, planFile),
      configurationDir: null,
      workspaceDir: ROOT,
      masker: createMasker(plan.value),
      env: {},
      clock: systemClock,
      signal: AbortSignal.timeout(20_000),
    });
    expect(results.filter(({ status }) => status === 'errored').map(({ check, reason }) => `${check}: ${reason}`)).toEqual([]);
  });
});

it.each(listShownTests().map((shown) => [shown.page, shown] as const))('the test file that %s shows holds', async (_page, shown) => {
  const { outcomes } = await runShownTests(shown, tools.bin);
  expect(outcomes.map((one) => `${one.name}: ${one.problems.join('; ')}`)).toEqual(outcomes.map((one) => `${one.name}: `));
  expect(outcomes).not.toEqual([]);
});

it('tests no checks file that is not there', () =>
  expect(testFiles.map(({ checks }) => checks).filter((checks) => sources.every(({ name }) => name !== checks))).toEqual([]));
