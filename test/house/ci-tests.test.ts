// The judge of the judges: what .ci/run makes of jest's report.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './source-files.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'runtask-ci-tests-'));
  for (const folder of ['main', 'bin']) mkdirSync(path.join(home, folder));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Machine {
  readonly shared: boolean;
  readonly terraform: boolean;
  readonly opa?: boolean;
}

function judge(statuses: readonly string[], machine: Machine, suiteName = 'a') {
  if (machine.shared) mkdirSync(path.join(home, 'shared'), { recursive: true });
  if (machine.terraform) writeFileSync(path.join(home, 'bin/terraform'), '', { mode: 0o755 });
  if (machine.opa === true) writeFileSync(path.join(home, 'bin/opa'), '', { mode: 0o755 });
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  const suite = {
    name: path.join(home, 'main/a.test.ts'),
    status: 'passed',
    assertionResults: statuses.map((status) => ({ status, fullName: `${suiteName} ${status} test` })),
  };
  const report = { numPassedTests: count('passed'), numFailedTests: count('failed'), numTotalTests: statuses.length, testResults: [suite] };
  writeFileSync(path.join(home, 'report.json'), JSON.stringify(report));
  const child = spawnSync(process.execPath, [path.join(ROOT, 'tools/ci-tests.mjs'), '../report.json', '../counts'], {
    cwd: path.join(home, 'main'),
    env: { PATH: path.join(home, 'bin') },
    encoding: 'utf8',
  });
  return { exit: child.status, counts: readFileSync(path.join(home, 'counts'), 'utf8').trim(), output: child.stdout + child.stderr };
}

describe('ci-tests', () => {
  it('counts', () =>
    expect(judge(['passed', 'passed', 'failed'], { shared: true, terraform: true })).toEqual({ exit: 0, counts: '2 1 0', output: '' }));

  it.each(['pending', 'todo'])('refuses a %s test where nothing is missing, and names it', (status) => {
    const judged = judge(['passed', status], { shared: true, terraform: true });
    expect(judged).toMatchObject({ exit: 1, counts: '1 0 1' });
    expect(judged.output).toContain(`skipped: a.test.ts: a ${status} test`);
  });

  it('allows a skip of what needs a policy engine only where there is none', () => {
    const all = { shared: true, terraform: true };
    const name = 'the opa of this machine';
    const judged = judge(['passed', 'pending'], all, name);
    expect(judged).toMatchObject({ exit: 0, counts: '1 0 1', output: 'skipped: 1 tests that need opa on the PATH\n' });
    expect(judge(['passed', 'pending'], { ...all, opa: true }, name)).toMatchObject({ exit: 1 });
  });

  it.each([
    ['../shared', { shared: false, terraform: true }],
    ['terraform', { shared: true, terraform: false }],
  ])('allows a skip on a machine without %s', (_name, machine) =>
    expect(judge(['passed', 'pending'], machine)).toMatchObject({ exit: 0, counts: '1 0 1' }),
  );

  it('refuses a run without tests', () => expect(judge([], { shared: true, terraform: true })).toMatchObject({ exit: 1, counts: '0 0 0' }));
});
