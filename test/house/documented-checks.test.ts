// Every check that our documents and examples show is run on the shop's plans: an example that cannot be evaluated as soon as
// something is deleted teaches everybody a gate that fails for no reason. Checks that start tools are left to their own tests.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ok } from '../../src/base/result.ts';
import type { LoadedCheck } from '../../src/checks/check-set.ts';
import { loadCheckSet } from '../../src/checks/load/load-check-set.ts';
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

/** What the examples extend, beside the packs: a file of the workspace, and a repository at a commit. */
const NETWORK = 'version: 1\nchecks: [{ name: network stays, protect: { types: ["aws_vpc*"] } }]\n';
const CENTRAL = `version: 1
params: { most: 5 }
checks:
  - { name: naming, protect: { types: [aws_x] } }
  - { name: few at a time, cel: { for: plan, assert: plan.counts.destroy <= params.most } }
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-documented-'));
  mkdirSync(path.join(folder, '.runtask'));
  mkdirSync(path.join(folder, 'central/.runtask'), { recursive: true });
  writeFileSync(path.join(folder, '.runtask/network.yml'), NETWORK);
  writeFileSync(path.join(folder, 'central/.runtask/checks.yml'), CENTRAL);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Tools, scripts and policies are files that no example has; their kinds' own tests run them. */
const runsHere = ({ spec }: LoadedCheck): boolean => [spec.run, spec.results, spec.rego, spec.script].every((kind) => kind === undefined);

describe.each([...examples, ...blocks])('%s', (name, text) => {
  const load = (): ReturnType<typeof loadCheckSet> => {
    const file = `.runtask/${name.replaceAll(/\W/g, '-')}.yml`;
    writeFileSync(path.join(folder, file), text);
    const fetchRepository = async () => ok({ dir: path.join(folder, 'central') });
    return loadCheckSet({ workspaceDir: folder, file, fetchRepository });
  };

  it('can be read', async () => expect(await load()).toMatchObject({ ok: true }));

  it.each(plans)('can be evaluated on %s', async (planFile) => {
    const [set, plan] = [await load(), await readPlan({ path: path.join(ROOT, planFile) })];
    if (!set.ok || !plan.ok) throw new Error('the checks file or the plan cannot be read');
    const { results } = await runChecks({
      set: { ...set.value, checks: set.value.checks.filter(runsHere) },
      // Its project is known, as with `hcp-token`.
      run: buildRun({ workspace: 'net-prod', project: 'platform', destroy: false }),
      plan: plan.value,
      planProblem: null,
      planPath: path.join(ROOT, planFile),
      configurationDir: null,
      workspaceDir: folder,
      masker: createMasker(plan.value),
      env: {},
      clock: systemClock,
      signal: AbortSignal.timeout(20_000),
    });
    expect(results.filter(({ status }) => status === 'errored').map(({ check, reason }) => `${check}: ${reason}`)).toEqual([]);
  });
});
