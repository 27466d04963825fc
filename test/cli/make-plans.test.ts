// The demo's plans say what the demo promises of them, whoever made them.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makePlans, type DemoPlan } from '../../src/cli/demo/make-plans.ts';

const examplesDir = path.resolve(import.meta.dirname, '../../examples');
const terraformPath = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'terraform'))
  .find((file) => existsSync(file));
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

interface PlanFile {
  readonly resource_changes: readonly { readonly address: string; readonly change: { readonly actions: readonly string[] } }[];
}

async function actionsOf(plan: DemoPlan | undefined): Promise<Record<string, string>> {
  const { resource_changes } = JSON.parse(await readFile(plan?.planPath ?? '', 'utf8')) as PlanFile;
  const changed = resource_changes.filter(({ change }) => change.actions.join() !== 'no-op');
  return Object.fromEntries(changed.map(({ address, change }) => [address, change.actions.join('+')]));
}

let workDir = '';
beforeAll(async () => {
  workDir = await mkdtemp(path.join(tmpdir(), 'runtask-make-plans-'));
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

function sayWhatTheDemoNeeds(make: () => Promise<DemoPlan[]>, source: RegExp): void {
  let plans: DemoPlan[] = [];
  beforeAll(async () => {
    plans = await make();
  });

  it('makes three plans and says how', () => {
    expect(plans.map(({ scenario }) => scenario)).toEqual(['passes', 'fails', 'secrets']);
    for (const plan of plans) expect(plan.source).toMatch(source);
  });

  it('one that creates and updates', async () => {
    expect(await actionsOf(plans[0])).toEqual({
      'terraform_data.database': 'update',
      'terraform_data.service["web"]': 'update',
      'terraform_data.service["worker"]': 'create',
    });
  });

  it('one that replaces the database', async () => {
    expect(await actionsOf(plans[1])).toEqual({
      'terraform_data.cache[0]': 'delete',
      'terraform_data.database': 'delete+create',
      'terraform_data.service["search"]': 'delete',
      'terraform_data.service["web"]': 'update',
    });
  });

  it('one with secrets, some of them at places that nobody marked', async () => {
    const plan = plans[2];
    expect(plan?.sensitiveValues).toEqual(['second-password-7c1b-93fa', 'first-password-0417-e5d2', 'payment-key-52ad-0e8f-demo']);
    const text = await readFile(plan?.planPath ?? '', 'utf8');
    expect(text).toContain('"payment_key":"payment-key-52ad-0e8f-demo","title"');
    expect(text).toContain('postgres://shop:second-password-7c1b-93fa@db.example.com');
  });
}

describe('makePlans from the recorded plans', () => {
  sayWhatTheDemoNeeds(() => makePlans({ terraformPath: null, workDir, examplesDir }), /^recorded$/);

  it('uses them, and says why, when terraform fails', async () => {
    const broken = path.join(workDir, 'terraform');
    await writeFile(broken, '#!/bin/sh\necho >&2\necho "│ Error: Unsupported Terraform Core version" >&2\nexit 1\n');
    await chmod(broken, 0o755);
    const plans = await makePlans({ terraformPath: broken, workDir, examplesDir, env });
    expect(plans.map(({ source, note }) => [source, note])).toEqual(
      Array(3).fill(['recorded', `${broken} could not make the plans: Error: Unsupported Terraform Core version`]),
    );
  });
});

const describeTerraform = terraformPath === undefined ? describe.skip : describe;
describeTerraform(`makePlans with the real terraform${terraformPath === undefined ? ' (skipped: it is not on the PATH)' : ''}`, () => {
  sayWhatTheDemoNeeds(() => makePlans({ terraformPath: terraformPath ?? null, workDir, examplesDir, env }), /^terraform \d+\.\d+\.\d+/);
});
