// The run for later steps of the job: the plan, masked always and as Terraform wrote it only when the workflow asks for it; its counts;
// the configuration.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskedPlanJson } from '../plan/masked-plan-json.ts';
import type { Material } from './material.ts';
import type { Runner } from './runner.ts';
import { writePieces } from './write-pieces.ts';

const COUNTS = ['add', 'change', 'destroy', 'replace', 'import', 'forget'] as const;

export async function writeMaterialOutputs(
  from: { readonly material: Material; readonly rawPlan: boolean; readonly folder: string },
  runner: Runner,
): Promise<void> {
  const { plan, masker, planPath, configurationDir } = from.material;
  runner.output('configuration', configurationDir ?? '');
  for (const name of COUNTS) runner.output(name, plan === null ? '' : String(plan.counts[name]));
  const keepsRaw = from.rawPlan && plan !== null && planPath !== null;
  runner.output('plan-json-raw', keepsRaw ? planPath : '');
  if (!keepsRaw && planPath !== null) await rm(planPath, { force: true });
  if (plan === null || masker === null) {
    runner.output('plan-json', '');
    return;
  }
  const path = join(from.folder, 'plan.masked.json');
  await writePieces(maskedPlanJson(plan, masker), path, 0o600);
  runner.output('plan-json', path);
}
