// Runs one check of a kind on a plan through the runner, as an action does: selection, exceptions, masking and order of findings are real.
import { systemClock } from '../../src/base/clock.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { KIND_SCHEMAS, checkSchema, type CheckSpec, type KindName } from '../../src/contracts/checks-file.ts';
import type { CheckResult } from '../../src/findings/finding.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { Plan } from '../../src/plan/model.ts';
import { aRun } from './builders.ts';

export interface KindRun extends CheckResult {
  /** `error aws_x.a: message`, in the order of the report. */
  readonly told: readonly string[];
  readonly explained: readonly string[];
}

/** @param over  common keys of the check; its name is `a check` */
export async function runKind(kind: KindName, spec: unknown, plan: Plan, over: object = {}, baseDir = '/nowhere'): Promise<KindRun> {
  KIND_SCHEMAS[kind].parse(spec);
  const check: CheckSpec = checkSchema.parse({ name: 'a check', [kind]: spec, ...over });
  const explained: string[] = [];
  const { results } = await runChecks({
    set: {
      whenNoneApply: 'fail',
      planChangedSinceReview: 'ignore',
      checks: [{ spec: check, params: {}, baseDir, origin: null }],
      waivers: [],
      sources: [],
    },
    run: aRun(),
    plan,
    planProblem: null,
    planPath: null,
    configurationDir: null,
    workspaceDir: baseDir,
    masker: createMasker(plan),
    env: {},
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
    onExplain: (_check, subject, saw) => explained.push(`${subject}: ${saw}`),
  });
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  const told = result.findings.map(({ level, address, message }) => `${level} ${address === null ? '' : `${address}: `}${message}`);
  return { ...result, told, explained };
}
