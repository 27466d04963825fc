// `runtask config apply` and `destroy`: the plan, a yes, and what came of it. One at a time: the lock is held from before the plan.
import type { Diagnostic } from '../../base/diagnostics.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { applyPlan, PLAN_KEEPS_MS } from '../../config/driver-yaml/apply-plan.ts';
import { checkPlanFile, readSavedPlan, toSavedPlan, type SavedPlan } from '../../config/driver-yaml/plan-file.ts';
import { hasChanges } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import type { DriverEvent } from '../../config/driver-yaml/plan.ts';
import { acquireLock, type Lock } from '../../config/driver-yaml/record/lock.ts';
import { recordFileOf } from '../../config/driver-yaml/record/record-store.ts';
import type { CommandContext, CommonOptions } from './command.ts';
import { confirm } from './confirm.ts';
import { createJsonLines, type JsonLines } from './json-lines.ts';
import { createLiveLines } from './live-lines.ts';
import { makePlan, tellPlan, type MadePlan } from './make-plan.ts';
import { DEFAULT_FILE } from './open-config.ts';
import { countOf, EXIT, exitCodeOf, outcomeText, type ExitCode } from './outcome.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

export interface ApplyOptions extends CommonOptions {
  readonly autoApprove: boolean;
}

interface Work {
  readonly destroy: boolean;
  /** From `plan --out`; null: the plan is made here, and somebody says yes to it. */
  readonly planFile: string | null;
}

interface Apply {
  readonly options: ApplyOptions;
  readonly context: CommandContext;
  readonly destroy: boolean;
  /** What was agreed to before; null: to be asked. */
  readonly saved: SavedPlan | null;
  readonly json: JsonLines | null;
}

export async function runApply(options: ApplyOptions, work: Work, context: CommandContext): Promise<ExitCode> {
  const { screen, asker } = context;
  // Asked before anything is read: a job would else wait for a plan that nobody can say yes to.
  if (!options.autoApprove && work.planFile === null && (options.json || asker.input === null)) {
    const why = options.json ? 'With --json nobody is asked' : 'This is no terminal: nobody can be asked';
    screen.complain(
      `error: ${why}. Add --auto-approve, or apply a plan that was looked at: runtask config plan ${work.destroy ? '--destroy ' : ''}--out FILE, then runtask config apply FILE\n`,
    );
    return EXIT.error;
  }
  const json = options.json ? createJsonLines(screen, context) : null;
  json?.started(context.version);
  const saved = work.planFile === null ? ok(null) : await readSavedPlan(work.planFile);
  if (!saved.ok) return refuse([saved.error], json, context);
  const lock = await acquireLock(recordFileOf(context.loaded.file), context);
  if (!lock.ok) return refuse([lock.error], json, context);
  try {
    const destroy = saved.value?.destroy ?? work.destroy;
    return await planAndApply({ options, context, destroy, saved: saved.value, json }, lock.value);
  } finally {
    await lock.value.release();
  }
}

async function planAndApply(apply: Apply, lock: Lock): Promise<ExitCode> {
  const { context, destroy, json, options } = apply;
  const { screen, interrupts, loaded } = context;
  const made = await makePlan(context, destroy);
  if (json === null) await tellPlan(made, context, destroy);
  else json.planned(made.plan);
  if (!made.good) return EXIT.error;

  const agreed = await agree(made, apply);
  if (!agreed.ok) return agreed.error;
  const { plan } = agreed.value;

  if (json === null && hasChanges(plan)) screen.print('\n');
  const live = createLiveLines(screen, countOf(plan).total);
  const on = (event: DriverEvent): void => (json === null ? live(event) : json.event(event));
  interrupts.changing();
  const result = await applyPlan(loaded, plan, lock, context.driver(on));
  screen.status(null);
  if (json !== null) json.finished(result, destroy ? 'destroy' : 'apply');
  else screen.print(outcomeText(result, { colour: screen.colour, destroy, again: againOf(options, destroy) }));
  return exitCodeOf(result);
}

/** @returns the plan to be carried out, or the exit code when nobody agreed to what would happen now */
async function agree(made: MadePlan, apply: Apply): Promise<Result<MadePlan, ExitCode>> {
  const { options, context, destroy, saved, json } = apply;
  const { screen, asker, interrupts, clock } = context;
  if (saved !== null) {
    const differences = differencesOf(saved, made, context);
    if (differences.length === 0) return ok(made);
    const code = refuse(differences, json, context);
    if (json === null) screen.complain('The saved plan is stale: nothing was done.\n');
    return err(code);
  }
  if (options.autoApprove || !hasChanges(made.plan)) return ok(made);
  const asked = clock.now();
  if (!(await confirm(questionOf(destroy), asker, interrupts.signal))) {
    screen.complain(`\n${destroy ? 'Destroy' : 'Apply'} cancelled. Nothing was changed.\n`);
    return err(interrupts.signal.aborted ? EXIT.interrupted : EXIT.error);
  }
  if (clock.now() - asked <= PLAN_KEEPS_MS) return ok(made);
  // Somebody thought about it for long: is the world still the one that was agreed to?
  const fresh = await makePlan(context, destroy);
  if (!fresh.good) {
    tellDiagnostics(fresh.plan.diagnostics, screen);
    return err(EXIT.error);
  }
  const differences = differencesOf(toSavedPlan(made.plan, context.loaded, { destroy, version: context.version }), fresh, context);
  return differences.length === 0 ? ok(fresh) : err(refuse(differences, json, context));
}

/** Nothing of what was agreed to is done when a part of it would now be something else. */
const differencesOf = (agreed: SavedPlan, { plan }: MadePlan, { loaded, version }: CommandContext): Diagnostic[] =>
  checkPlanFile(agreed, plan, loaded, version);

function refuse(diagnostics: readonly Diagnostic[], json: JsonLines | null, { screen }: CommandContext): ExitCode {
  if (json === null) tellDiagnostics(diagnostics, screen);
  else json.diagnostics(diagnostics);
  return EXIT.error;
}

const questionOf = (destroy: boolean): string =>
  destroy
    ? `\nDo you really want to destroy all of this?\n  It is deleted in HCP Terraform and on GitHub, and cannot be brought back.\n  Only 'yes' is taken for an answer: `
    : `\nDo you want to do this?\n  It is done in HCP Terraform and on GitHub.\n  Only 'yes' is taken for an answer: `;

/** As it has to be typed. */
function againOf({ config }: CommonOptions, destroy: boolean): string {
  const file = /^[\w./-]+$/.test(config) ? config : JSON.stringify(config);
  return `runtask config ${destroy ? 'destroy' : 'apply'}${config === DEFAULT_FILE ? '' : ` --config ${file}`}`;
}
