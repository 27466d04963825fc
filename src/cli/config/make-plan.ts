// The first half of every command that changes or shows something: the plan, its errors told, its text.
import { hasErrors } from '../../base/diagnostics.ts';
import { planConfig } from '../../config/driver-yaml/plan-config.ts';
import { toPlanJson, type PlanDocument } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import type { ConfigPlan } from '../../config/driver-yaml/plan.ts';
import type { CommandContext } from './command.ts';
import { planLines } from './plan-text.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

export interface MadePlan {
  readonly plan: ConfigPlan;
  readonly document: PlanDocument;
  /** It can be applied. */
  readonly good: boolean;
}

/** @throws when Ctrl-C ended the reading */
export async function makePlan(
  { loaded, driver, interrupts, screen, version, clock }: CommandContext,
  destroy: boolean,
): Promise<MadePlan> {
  const plan = await planConfig(loaded, { destroy }, driver());
  screen.status(null);
  interrupts.signal.throwIfAborted();
  return { plan, document: toPlanJson(plan, { version, now: clock.now() }), good: !hasErrors(plan.diagnostics) };
}

/** A plan with errors is not shown: what could not be read is missing in it. */
export async function tellPlan({ plan, document, good }: MadePlan, context: CommandContext, destroy: boolean): Promise<void> {
  const { screen, loaded } = context;
  if (good) {
    const { colour, width } = screen;
    for await (const line of planLines({ plan, document, file: loaded.file, destroy }, { colour, width })) screen.print(line);
    if (plan.diagnostics.length > 0) screen.print('\n');
  }
  tellDiagnostics(plan.diagnostics, screen);
  if (!good) screen.complain('There is no plan: what is said above must be mended first.\n');
}
