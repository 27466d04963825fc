// What `except` and waivers cover when whoever opens the pull request chooses addresses, keys and values. Each was a way past a check.
import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { checksFileSchema } from '../../src/contracts/checks-file.ts';
import type { ResourceChange } from '../../src/plan/model.ts';
import { aChange, aPlan, aRun } from './builders.ts';
import { makeBin, PLAN } from './rego/harness.ts';

let checkout: string;
beforeAll(async () => {
  checkout = await realpath(await mkdtemp(join(tmpdir(), 'runtask-exceptions-')));
  await mkdir(join(checkout, 'policy'));
  await writeFile(join(checkout, 'policy', 'a.rego'), 'package main\ndeny contains "x"\n');
  await writeFile(
    join(checkout, 'policy', 'gone.ts'),
    "import { check } from 'runtask-action/check';\nexport default check(({ plan, fail }) => {\n  for (const change of plan.changes) if (change.after === null) fail(change, 'goes');\n});\n",
  );
});
afterAll(() => rm(checkout, { recursive: true, force: true }));

async function verdicts(changes: readonly ResourceChange[], file: object, bin?: string): Promise<string[]> {
  const { results } = await runChecks({
    set: toCheckSet(checksFileSchema.parse({ version: 1, ...file }), checkout),
    run: aRun(),
    plan: aPlan(changes),
    planProblem: null,
    planPath: PLAN,
    configurationDir: null,
    workspaceDir: checkout,
    masker: { text: (text) => text },
    env: { PATH: bin === undefined ? process.env['PATH'] : [bin, dirname(process.execPath)].join(delimiter) },
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return results.map(({ check, status, reason }) => (reason === null ? `${check}: ${status}` : `${check}: ${status}, ${reason}`));
}

const KINDS = {
  protect: { protect: { types: ['aws_db_instance'] } },
  limit: { limit: { destroy: 0 } },
  cel: { cel: { when: "'delete' in actions", assert: 'false' } },
  script: { script: 'policy/gone.ts' },
};
const checks = (over: object = {}): object[] => Object.entries(KINDS).map(([name, kind]) => ({ name, ...kind, ...over }));
const all = (status: string): string[] => Object.keys(KINDS).map((name) => `${name}: ${status}`);
const SANDBOX = ['module.sandbox.*'];
const moved = (action: string): ResourceChange =>
  aChange('module.sandbox.aws_db_instance.a', action, { previousAddress: 'aws_db_instance.prod' });

describe('an object that is moved to an excepted address and taken away there', () => {
  it.each(['delete', 'replace'])('%s: `except` does not cover it', async (action) => {
    expect(await verdicts([moved(action)], { checks: checks({ except: SANDBOX }).slice(0, 3) })).toEqual(all('failed').slice(0, 3));
  });

  it('nor does a script tell less of it', async () => {
    expect(await verdicts([moved('delete')], { checks: checks({ except: SANDBOX }) })).toEqual(all('failed'));
  });

  it('nor does a waiver', async () => {
    const waivers = [{ check: '*', addresses: SANDBOX, reason: 'a sandbox', owner: 'team', expires: '2999-01-01' }];
    expect((await verdicts([moved('delete')], { checks: checks(), waivers })).slice(0, 1)).toEqual(['protect: failed']);
    const stays = aChange('module.sandbox.aws_db_instance.a', 'delete');
    expect((await verdicts([stays], { checks: checks(), waivers })).slice(0, 1)).toEqual(['protect: passed']);
  });

  it('is excepted where both of its addresses are, and what stays goes by its new one', async () => {
    expect(await verdicts([moved('delete')], { checks: checks({ except: [...SANDBOX, '*.prod'] }) })).toEqual(all('passed'));
    const public_ = { name: 'c', cel: { assert: 'false' }, except: SANDBOX };
    expect(await verdicts([moved('update')], { checks: [public_] })).toEqual(['c: passed']);
  });
});

it('a policy that takes an address from a value excepts nothing by it', async () => {
  // `"resource": rc.change.after.name`, and a name that looks like an excepted address.
  const said = [{ msg: 'public', resource: 'module.sandbox.aws_x.y' }];
  const { bin, remove } = await makeBin({
    opa: `const args = process.argv.slice(2);
      if (args[0] === 'version') console.log('Version: 1.9.0');
      else if (args[0] === 'capabilities') console.log('{"builtins":[]}');
      else console.log(JSON.stringify({ result: [{ expressions: [{ value: [{ answers: [[${JSON.stringify(said)}]] }] }] }] }));`,
  });
  try {
    const check = { name: 'policies', rego: { policy: 'policy' }, except: SANDBOX };
    expect(await verdicts([aChange('aws_x.public', 'create')], { checks: [check] }, bin)).toEqual(['policies: failed']);
    expect(await verdicts([aChange('module.sandbox.aws_x.y', 'create')], { checks: [check] }, bin)).toEqual(['policies: passed']);
  } finally {
    await remove();
  }
});

it('a resource in a module has not the exceptions of the one of its name in the root', async () => {
  const location = { logicalLocations: [{ fullyQualifiedName: 'data.aws_x.y' }] };
  const sarif = { version: '2.1.0', runs: [{ results: [{ level: 'error', message: { text: 'public' }, locations: [location] }] }] };
  const print = `console.log(${JSON.stringify(JSON.stringify(sarif))})`;
  const check = { name: 'scan', run: { command: [process.execPath, '-e', print] }, except: ['data.aws_x.y'] };
  const data = { mode: 'data', type: 'aws_x', name: 'y' };
  const root = aChange('data.aws_x.y', 'read', data);
  expect(await verdicts([root], { checks: [check] })).toEqual(['scan: passed']);
  const evil = aChange('module.evil[0].data.aws_x.y', 'read', { ...data, module: 'module.evil[0]' });
  expect(await verdicts([root, evil], { checks: [check] })).toEqual(['scan: failed']);
});
