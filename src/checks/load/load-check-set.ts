// From a checks file to the checks of a run: reads it and everything that it extends, and tells everything that is wrong in any of these
// files at once. The action and the CLI both come this way.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { matchGlob } from '../../documents/glob.ts';
import type { CheckSet, LoadedCheck } from '../check-set.ts';
import { NO_CHECKS } from '../checks-file.ts';
import { PACKS } from '../packs/index.ts';
import { withOwnParams } from './adjust.ts';
import { readBranch, type Branch, type Loading, type PlacedWaiver } from './branch.ts';
import { summarizeDiagnostics, type ChecksFileProblem } from './problem.ts';
import { isMissing, type FetchRepository, type SourceDeps } from './source.ts';

export interface LoadInput {
  /** The trusted checkout. */
  readonly workspaceDir: string;
  /** Relative to it, as the user wrote it. */
  readonly file: string;
  readonly fetchRepository: FetchRepository;
  /** What to do when there is no file. Default: for a job. */
  readonly whenMissing?: string;
  /** Checks that stand in no file (`results-files`); they come last, and waivers may name them. */
  readonly also?: readonly LoadedCheck[];
  /** Default: those of the action. */
  readonly packs?: SourceDeps['packs'];
}

const IN_A_JOB = 'Add one to the default branch, and check the repository out (actions/checkout) before this step.';

export async function loadCheckSet(input: LoadInput): Promise<Result<CheckSet, ChecksFileProblem>> {
  const { workspaceDir, file, packs = PACKS, also = [] } = input;
  const text = await readOwn(input);
  if (!text.ok) {
    const summary = text.error.replace(/\.$/, '');
    return err({ sentence: text.error, diagnostics: [{ severity: 'error', summary, detail: '', path: '', file }] });
  }
  const own = { text: text.value, name: file, origin: null, baseDir: workspaceDir, repository: null, isForeign: false };
  const loading: Loading = { deps: { packs, fetchRepository: remembering(input.fetchRepository) }, problems: [], files: 0 };
  const branch = await readBranch(own, [], loading);
  const { problems } = loading;
  // What is missing elsewhere would make a name unknown here that is none.
  if (branch !== null && problems.length === 0) problems.push(...problemsOfAll(branch, also));
  if (branch === null || problems.length > 0) return err({ sentence: summarizeDiagnostics(problems, file), diagnostics: problems });
  return ok({
    whenNoneApply: branch.file.when_none_apply,
    planChangedSinceReview: branch.file.plan_changed_since_review,
    checks: [...branch.checks.map(withOwnParams), ...also],
    waivers: branch.waivers.map(({ waiver }) => waiver),
    // The file itself is not what it extends.
    sources: branch.sources.slice(0, -1),
  });
}

async function readOwn({ workspaceDir, file, whenMissing = IN_A_JOB }: LoadInput): Promise<Result<string, string>> {
  try {
    return ok(await readFile(resolve(workspaceDir, file), 'utf8'));
  } catch (error) {
    const missing = isMissing(error);
    return err(
      missing ? `There is no checks file at ${file}. ${whenMissing}` : `The checks file ${file} cannot be read: ${describeThrown(error)}.`,
    );
  }
}

/** Two entries may name two files of one commit. */
function remembering(fetchRepository: FetchRepository): FetchRepository {
  const asked = new Map<string, ReturnType<FetchRepository>>();
  return (wanted) => {
    const key = `${wanted.repository.toLowerCase()}@${wanted.commit}`;
    const answer = asked.get(key) ?? fetchRepository(wanted);
    asked.set(key, answer);
    return answer;
  };
}

function problemsOfAll({ checks, waivers, tell }: Branch, also: readonly LoadedCheck[]): ReturnType<Branch['tell']>[] {
  if (checks.length + also.length === 0) return [tell(['checks'], NO_CHECKS, '')];
  const names = [...checks, ...also].map(({ spec }) => spec.name);
  return waivers.flatMap((waiver) => problemsOfWaiver(waiver, names));
}

/** A waiver for a check that nobody has is a slip of its name. That it covers no finding today is none; the report tells it. */
function problemsOfWaiver({ waiver: { check }, tellCheck }: PlacedWaiver, names: readonly string[]): ReturnType<Branch['tell']>[] {
  if (names.some((name) => matchGlob(check, name))) return [];
  const near = didYouMean(check, names);
  return [tellCheck(`No check is called "${check}"`, near === null ? 'Take the waiver out' : `Did you mean "${near}"?`)];
}
