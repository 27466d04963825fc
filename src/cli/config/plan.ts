// `runtask config plan`: what an apply would do. Reads, and changes nothing but the file of --out.
import { hasChanges } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import { writePlanFile } from '../../config/driver-yaml/plan-file.ts';
import { jsonText } from '../../report/escape.ts';
import type { CommandContext, CommonOptions } from './command.ts';
import { makePlan, tellPlan } from './make-plan.ts';
import { EXIT, type ExitCode } from './outcome.ts';

export interface PlanOptions extends CommonOptions {
  readonly out?: string;
  readonly detailedExitcode: boolean;
  readonly destroy: boolean;
}

export async function runPlan(options: PlanOptions, context: CommandContext): Promise<ExitCode> {
  const { screen } = context;
  const made = await makePlan(context, options.destroy);
  if (options.json) screen.print(jsonText(made.document));
  else await tellPlan(made, context, options.destroy);
  if (!made.good) return EXIT.error;
  if (options.out !== undefined) {
    const { destroy } = options;
    await writePlanFile(options.out, made.plan, context.loaded, { destroy, version: context.version });
    if (!options.json) screen.print(`\nSaved. To carry out exactly this plan: runtask config apply ${options.out}\n`);
  }
  return options.detailedExitcode && hasChanges(made.plan) ? EXIT.changes : EXIT.done;
}
