// Findings where people read code: on the line of the .tf file of the pull request, in the job's annotations, in a SARIF file.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log } from 'sarif';
import { pack } from 'tar-stream';
import { change, planOf, REPOSITORY, startFlow, workflow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const MAIN = 'module "net" {\n  source = "./modules/net"\n}\n\n# the database\nresource "terraform_data" "database" {\n  input = "a"\n}\n';
const NET = '\nresource "terraform_data" "vpc" {\n}\n';
const CHECKS = `version: 1
checks:
  - name: stays
    protect: { types: [terraform_data] }
  - name: quiet
    enforce: advisory
    protect: { addresses: [terraform_data.database] }
waivers:
  - { check: stays, addresses: [terraform_data.gone], reason: It moves, owner: net@example.com, expires: 2999-12-31 }
`;
const plan = {
  ...planOf([
    change('terraform_data.database', ['delete'], { input: 'a' }, null),
    { ...change('module.net.terraform_data.vpc', ['delete'], { input: 'a' }, null), module_address: 'module.net' },
    change('terraform_data.gone', ['delete'], { input: 'a' }, null),
  ]),
  configuration: { root_module: { module_calls: { net: { source: './modules/net', module: {} } } } },
};

async function configuration(): Promise<Uint8Array> {
  const archive = pack();
  archive.entry({ name: 'main.tf' }, MAIN);
  archive.entry({ name: 'modules/net/main.tf' }, NET);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const withInputs = (inputs: string, after = ''): string =>
  workflow({ inputs: `          relay-url: \${{ vars.RUNTASK_RELAY_URL }}\n${inputs}`, after, step: '        id: task\n' });

describe('a check run', () => {
  it('lands on the planned commit, with an annotation on the line of each finding', async () => {
    flow = await startFlow({ checks: CHECKS, workflow: withInputs('          annotations: check-run\n') });
    const { result } = await flow.run({ plan, configuration: await configuration() });
    expect(result.status).toBe('failed');
    const [run, ...others] = flow.github.checkRuns(REPOSITORY, flow.sha);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: 'runtask/net-prod/post_plan', conclusion: 'failure', status: 'completed' });
    const output = run?.['output'] as { title: string; summary: string; annotations: object[] };
    expect(output.title).toBe('1 check failed, 1 advisory failed, 1 finding waived · 3 to destroy');
    expect(output.summary).toContain('🔕 1 finding waived');
    expect(output.annotations).toMatchObject([
      { path: 'main.tf', start_line: 6, end_line: 6, annotation_level: 'failure', title: 'stays' },
      { path: 'modules/net/main.tf', start_line: 2, annotation_level: 'failure', title: 'stays' },
      { path: 'main.tf', start_line: 6, annotation_level: 'warning', title: 'quiet' },
    ]);
    expect(MAIN.split('\n')[5]).toContain('"database"');
  });

  it('that may not be written is a warning with the remedy, and the verdict stands', async () => {
    flow = await startFlow({ checks: CHECKS, workflow: withInputs('          annotations: check-run\n') });
    flow.github.failNext({ method: 'POST', path: /\/check-runs$/, status: 403 });
    const { result, workflowRun } = await flow.run({ plan });
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(workflowRun?.conclusion).toBe('success');
    expect(workflowRun?.jobs[0]?.log).toContain('The annotations could not be written: GitHub does not let this token write a check run');
    expect(workflowRun?.jobs[0]?.log).toContain('needs `checks: write`');
    expect(flow.github.comments(REPOSITORY, 7)).toHaveLength(1);
  });
});

describe('the job', () => {
  it('has the findings as annotations, and a SARIF file until it ends', async () => {
    flow = await startFlow({ checks: CHECKS, workflow: withInputs('', '      - name: later\n        run: "true"\n') });
    let sarif: { readonly path: string; readonly log: Log; readonly mode: number } | null = null;
    flow.github.hooks.push({
      step: 'later',
      phase: 'main',
      before: () => {
        const path = flow.github.runs[0]!.jobs[0]!.steps.find((step) => step.outputs['sarif'])!.outputs['sarif']!;
        sarif = { path, log: JSON.parse(readFileSync(path, 'utf8')) as Log, mode: statSync(path).mode & 0o777 };
        return Promise.resolve();
      },
    });
    const { workflowRun } = await flow.run({ plan, configuration: await configuration() });
    const annotations = workflowRun?.jobs[0]?.annotations.filter(({ title }) => title !== null);
    expect(annotations?.map(({ kind, title, file, line }) => [kind, title, file, line])).toEqual([
      ['error', 'stays', 'main.tf', 6],
      ['error', 'stays', 'modules/net/main.tf', 2],
      ['warning', 'quiet', 'main.tf', 6],
    ]);
    const { path, log, mode } = sarif!;
    expect(mode).toBe(0o600);
    expect(existsSync(path)).toBe(false);
    expect(log.runs[0]?.results?.map(({ ruleId, suppressions }) => [ruleId, suppressions?.length])).toEqual([
      ['stays', 0],
      ['stays', 0],
      ['quiet', 0],
      ['stays', 1],
    ]);
    expect(flow.github.checkRuns(REPOSITORY, flow.sha)).toEqual([]);
  });

  it('has none when the workflow wants none', async () => {
    flow = await startFlow({ checks: CHECKS, workflow: withInputs('          annotations: none\n') });
    const { workflowRun } = await flow.run({ plan });
    expect(workflowRun?.jobs[0]?.annotations.filter(({ title }) => title !== null)).toEqual([]);
  });
});
