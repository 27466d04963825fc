// Runs the tests of checks files: each on its own plan, with the engine and the verdict of the action.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemClock, type Clock } from '../../base/clock.ts';
import { formatDiagnostic } from '../../base/diagnostics.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CheckSet } from '../../checks/check-set.ts';
import { runChecks } from '../../checks/run-checks.ts';
import type { ChecksTest } from '../../contracts/checks-tests.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { CheckResult } from '../../findings/finding.ts';
import { decideVerdict } from '../../findings/verdict.ts';
import { whyIncomplete } from '../../plan/incomplete.ts';
import { createMasker } from '../../plan/masking.ts';
import type { Plan } from '../../plan/model.ts';
import { readPlan } from '../../plan/read-plan.ts';
import { localRun } from '../render.ts';
import { compare } from './compare.ts';
import { toPlanDocument } from './inline-plan.ts';

export interface TestOutcome {
  readonly file: string;
  readonly name: string;
  readonly durationMs: number;
  /** What differs from what was expected; empty: the test holds. */
  readonly problems: readonly string[];
  readonly results: readonly CheckResult[];
}

export interface TestBench {
  /** The repository: where checks files and tools are at home. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** @param file  of the test, relative to the repository */
export async function runTest(file: string, test: ChecksTest, set: CheckSet, bench: TestBench): Promise<TestOutcome> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'runtask-test-'));
  try {
    const { results, problems } = await judge(file, test, set, bench, folder);
    return { file, name: test.name, durationMs: Math.round(performance.now() - startedAt), problems, results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(
  file: string,
  test: ChecksTest,
  set: CheckSet,
  { directory, env, signal }: TestBench,
  folder: string,
): Promise<Pick<TestOutcome, 'results' | 'problems'>> {
  const only = test.only;
  const checks = only === undefined ? set.checks : set.checks.filter(({ spec }) => matchesAnyGlob(only, spec.name));
  if (checks.length === 0) return { results: [], problems: [`\`only\` names no check of the file: ${(only ?? []).join(', ')}`] };
  const material = await readMaterial(file, test, directory, folder);
  if (!material.ok) return { results: [], problems: [material.error] };
  const { plan, planPath } = material.value;
  const run = toRun(test, plan);
  const { results } = await runChecks({
    set: { ...set, checks },
    run,
    plan,
    planProblem: plan === null ? 'the test gives none' : null,
    planPath,
    configurationDir: test.source === undefined ? null : resolve(directory, dirname(file), test.source),
    workspaceDir: directory,
    masker: plan === null ? null : createMasker(plan),
    env,
    clock: test.today === undefined ? systemClock : onDay(test.today),
    signal,
  });
  const fileProblem = plan === null ? null : whyIncomplete(plan);
  const verdict = decideVerdict(results, { whenNoneApply: set.whenNoneApply, fileProblem });
  return { results, problems: compare(test.expect, results, verdict) };
}

async function readMaterial(
  file: string,
  test: ChecksTest,
  directory: string,
  folder: string,
): Promise<Result<{ readonly plan: Plan | null; readonly planPath: string | null }, string>> {
  if (test.no_plan === true) return ok({ plan: null, planPath: null });
  let planPath = join(folder, 'plan.json');
  if (test.plan === undefined) await writeFile(planPath, JSON.stringify(toPlanDocument(test)), { mode: 0o600 });
  else planPath = resolve(directory, dirname(file), test.plan);
  const plan = await readPlan({ path: planPath });
  return plan.ok ? ok({ plan: plan.value, planPath }) : err(plan.error.map(formatDiagnostic).join('; '));
}

function toRun({ run = {}, no_plan: noPlan, source }: ChecksTest, plan: Plan | null): RunFacts {
  const local = localRun(run.workspace ?? 'test');
  return {
    ...local,
    organization: run.organization ?? 'test',
    stage: run.stage ?? (noPlan === true ? 'pre_plan' : 'post_plan'),
    speculative: run.speculative ?? false,
    project: run.project ?? null,
    destroy: run.destroy ?? null,
    has_plan: plan !== null,
    has_configuration: source !== undefined,
    vcs: { ...local.vcs, branch: run.branch ?? null },
  };
}

/** Runs as ever, and begins on that day. */
function onDay(day: string): Clock {
  const shift = Date.parse(`${day}T12:00:00Z`) - Date.now();
  return { ...systemClock, now: () => Date.now() + shift };
}
