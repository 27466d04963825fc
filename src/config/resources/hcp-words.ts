// Names, stages and levels on HCP Terraform, as its resources take them, and a refusal of HCP's as the problem of an attribute. Pure.
import { ENFORCEMENT_LEVELS, STAGES } from '../../contracts/run-facts.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { isHcpFault } from '../../hcp/management/index.ts';
import { ProblemError, problem, type AttributePath, type Problem } from '../engine/problem.ts';

type Words = Pick<Problem, 'summary' | 'detail'>;

/** HashiCorp, "Run tasks API" and "Workspaces API": letters, digits, - and _ (read 2026-11). Of organizations, workspaces and run tasks. */
const NAME = /^[A-Za-z0-9_-]{1,90}$/;

export const isName = (text: string): boolean => NAME.test(text);

export const checkName = (name: string): readonly Words[] =>
  isName(name)
    ? []
    : [{ summary: 'HCP Terraform has no such names', detail: `Letters, digits, - and _, at most 90. Found: ${JSON.stringify(name)}` }];

export function checkStages(stages: readonly string[]): readonly (Words & { readonly path?: AttributePath })[] {
  if (stages.length === 0) return [{ summary: 'No stage', detail: `Write at least one of: ${STAGES.join(', ')}` }];
  return stages.flatMap((stage, index) => unknownWord('stage', stage, STAGES).map((words) => ({ ...words, path: [index] })));
}

export const checkLevel = (level: string): readonly Words[] => unknownWord('enforcement level', level, ENFORCEMENT_LEVELS);

function unknownWord(what: string, word: string, known: readonly string[]): readonly Words[] {
  if (known.includes(word)) return [];
  const near = didYouMean(word, known);
  const meant = near === null ? `Use one of: ${known.join(', ')}` : `Did you mean "${near}"?`;
  return [{ summary: `Unknown ${what} ${JSON.stringify(word)}`, detail: meant }];
}

/** What runs after the apply can stop nothing, and HCP makes it advisory whatever was asked ("Run states", read 2026-11). */
export const checkMandatory = (stages: readonly string[], level: string, path: AttributePath): readonly Problem[] =>
  level === 'mandatory' && stages.includes('post_apply')
    ? [
        problem(
          path,
          'A run task cannot be mandatory at post_apply',
          'The apply is over by then, and a failure stops nothing: HCP Terraform treats it as advisory. Write "enforcement_level: advisory", or attach to earlier stages',
        ),
      ]
    : [];

/** Order does not count. */
export const sameStages = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((stage) => b.includes(stage));

/** In the order in which a run comes by, so that what is sent does not depend on how a set was written. */
export const inOrder = (stages: readonly string[]): readonly string[] =>
  [...stages].sort((a, b) => STAGES.findIndex((stage) => stage === a) - STAGES.findIndex((stage) => stage === b));

/** Where a wire's attribute is in the schema: `{ 'hmac-key': ['hmac_key'] }`. */
export type WirePaths = Readonly<Record<string, AttributePath>>;

/**
 * Runs what talks to HCP; what it refuses becomes problems, of attributes where HCP says which.
 * @param otherwise  where the rest is told
 * @throws ProblemError
 */
export async function told<T>(paths: WirePaths, otherwise: AttributePath, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    const problems = thrown instanceof ProblemError ? null : problemsOf(thrown, paths, otherwise);
    throw problems === null ? thrown : new ProblemError(problems, { cause: thrown });
  }
}

/** @returns null for what is neither HCP's word nor ours: an interruption, a defect */
export function problemsOf(thrown: unknown, paths: WirePaths, otherwise: AttributePath): readonly Problem[] | null {
  if (thrown instanceof ProblemError) return thrown.problems;
  if (!isHcpFault(thrown)) return null;
  const { summary, detail, errors } = thrown;
  if (errors.length === 0) return [problem(otherwise, summary, detail)];
  return errors.map(({ text, attribute }) => {
    const path = attribute !== null && Object.hasOwn(paths, attribute) ? paths[attribute] : undefined;
    return problem(path ?? otherwise, summary, text);
  });
}
