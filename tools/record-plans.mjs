// Records examples/terraform-data/recorded/*.json anew with the terraform on the PATH, for machines that have none:
//
//   npx node tools/record-plans.mjs
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { makePlans } from '../src/cli/demo/make-plans.ts';

const examplesDir = path.resolve(import.meta.dirname, '../examples');
const workDir = mkdtempSync(path.join(tmpdir(), 'runtask-record-'));
try {
  const plans = await makePlans({ terraformPath: 'terraform', workDir, examplesDir, env: process.env });
  const target = path.join(examplesDir, 'terraform-data/recorded');
  mkdirSync(target, { recursive: true });
  for (const plan of plans) {
    if (plan.source === 'recorded') throw new Error(plan.note);
    copyFileSync(plan.planPath, path.join(target, `${plan.scenario}.json`));
    console.log(`${plan.scenario}: ${plan.source}`);
  }
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
