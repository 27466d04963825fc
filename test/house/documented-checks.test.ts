// Every check that our documents and examples show is run on the shop's plans: an example that cannot be evaluated as soon as
// something is deleted teaches everybody a gate that fails for no reason. Checks that start tools are left to their own tests.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createMasker } from '../../src/plan/masking.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { listFiles, read, ROOT } from './source-files.ts';
import { buildRun } from './build-run.ts';

const documents = ['README.md', ...listFiles('docs', ['.md'])].filter((file) => existsSync(path.join(ROOT, file)));
const blocks = documents.flatMap((file) =>
  [...read(file).matchAll(/^```ya?ml\n(# \.runtask\/checks\.yml\n[\s\S]*?)^```/gm)].map(([, text = ''], index): [string, string] => [
    `${file} #${index + 1}`,
    text,
  ]),
);
const examples = listFiles('examples', ['checks.yml']).map((file): [string, string] => [file, read(file)]);
const plans = listFiles('examples/terraform-data/recorded', ['.json']);

describe.each([...examples, ...blocks])('%s', (name, text) => {
  const file = readChecksFile(text, name);
  it('can be read', () => expect(file).toMatchObject({ ok: true }));

  it.each(plans)('can be evaluated on %s', async (planFile) => {
    const plan = await readPlan({ path: path.join(ROOT, planFile) });
    if (!file.ok || !plan.ok) throw new Error('the checks file or the plan cannot be read');
    const { results } = await runChecks({
      set: toCheckSet({ ...file.value, checks: file.value.checks.filter((check) => check.run === undefined) }, ROOT),
      run: buildRun({ workspace: 'net-prod' }),
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
