// What is wrong with a check beyond its shape: expressions that do not compile, patterns that are none. Each kind knows its own; here is
// the table of them, asked while the file is read, so that a slip is told in the pull request that made it and not at three in the night.
import type { CelSpec, RunSpec } from '../contracts/check-kinds.ts';
import type { CheckSpec, KindName } from '../contracts/checks-file.ts';
import type { DocumentPath } from '../documents/path.ts';
import { compileCel } from './cel/compile.ts';
import { findSpecProblems as findRequireProblems } from './require/problems.ts';
import { PLACEHOLDERS, unfilledWords } from './run/command.ts';
import { findSpecProblems as findSchemaProblems } from './schema/problems.ts';

export interface SpecProblem {
  /** Within the check's specification. */
  readonly path: DocumentPath;
  readonly problem: string;
  /** 0-based, inside the text at the path. Absent: the whole of it. */
  readonly offset?: number;
}

type Finders = { readonly [Kind in KindName]?: (spec: NonNullable<CheckSpec[Kind]>) => readonly SpecProblem[] };

const FINDERS: Finders = {
  cel: findCelProblems,
  require: findRequireProblems,
  schema: findSchemaProblems,
  run: findRunProblems,
};

/** @param spec  read by that kind's schema */
export function findSpecProblems<Kind extends KindName>(kind: Kind, spec: NonNullable<CheckSpec[Kind]>): readonly SpecProblem[] {
  return FINDERS[kind]?.(spec) ?? [];
}

function findCelProblems(spec: CelSpec): SpecProblem[] {
  const compiled = compileCel(spec);
  if (compiled.ok) return [];
  return compiled.error.map(({ field, offset, problem }) => ({ path: [field], problem: `CEL: ${problem}`, offset }));
}

function findRunProblems({ command }: RunSpec): SpecProblem[] {
  const ours = PLACEHOLDERS.map((name) => `$${name}`).join(', ');
  return unfilledWords(command).map((index) => ({
    path: ['command', index],
    problem: `"${command[index]}" would reach the program as it is written: only ${ours} are filled in. Write [sh, -c, …] for others`,
  }));
}
