// What an engine said: the answers, and its errors with file and line. Pure.
//
// The exit code decides nothing: opa ends with 2 when a built-in function failed and there are answers nevertheless, conftest with 0 when
// it was told not to fail. What is no answer is an error.
import { stripVTControlCharacters } from 'node:util';
import { cut } from '../../base/cut.ts';
import { listOf, numberOf, objectOf, textOf } from '../loose-json.ts';
import type { ToolEnd } from '../run/run-tool.ts';
import { PLACES, type EngineName } from './command.ts';
import { ANSWERS } from './questions.ts';

export interface EngineProblem {
  /** `policy/a.rego:5`; null: it has no place. */
  readonly place: string | null;
  /** `rego_parse_error`, `eval_type_error`, …; null: none. */
  readonly code: string | null;
  readonly message: string;
}

export interface EngineSaid {
  /** One item for each question. null: there are none, and the problems say why. */
  readonly answers: readonly unknown[] | null;
  readonly problems: readonly EngineProblem[];
}

export function readEnd(name: EngineName, end: Exclude<ToolEnd, { kind: 'aborted' }>, questions: number): EngineSaid {
  switch (end.kind) {
    case 'not-started':
      return failed(`${name} could not be started (${end.code})`);
    case 'killed':
      return failed(`${name} was killed (${end.by}). Did it run out of memory? It needs about 20 times the size of the plan`);
    case 'too-much-output':
      return failed(`${name} was ended because it printed too much. A rule may give more than 32 MiB of results`);
    case 'exited':
      break;
  }
  const said = name === 'opa' ? readOpa(end.stdout.toString('utf8')) : readConftest(end.stdout.toString('utf8'), end.tail);
  if (said.answers !== null && said.answers.length !== questions)
    return failed(`${name} gave ${said.answers.length} answers to ${questions} questions`);
  if (said.answers !== null || said.problems.length > 0) return said;
  return failed(`${name} ended with exit code ${end.code} and gave no answer${lastError(end.tail)}`);
}

const failed = (message: string): EngineSaid => ({ answers: null, problems: [{ place: null, code: null, message }] });

function readOpa(stdout: string): EngineSaid {
  const document = objectOf(parse(stdout));
  const results = listOf(document?.['result']) ?? [];
  const expressions = results.flatMap((result) => listOf(objectOf(result)?.['expressions']) ?? []);
  const values = expressions.flatMap((expression) => listOf(objectOf(expression)?.['value']) ?? []);
  const problems = (listOf(document?.['errors']) ?? []).map((error): EngineProblem => {
    const { code, message, location } = objectOf(error) ?? {};
    const { file, row } = objectOf(location) ?? {};
    return toProblem(textOf(file), numberOf(row), textOf(code), textOf(message) ?? 'an error without a message');
  });
  return { answers: values.length === 1 ? listOf(objectOf(values[0])?.['answers']) : null, problems };
}

function readConftest(stdout: string, tail: string): EngineSaid {
  const rows = (listOf(parse(stdout)) ?? []).map(objectOf).filter((row) => row?.['namespace'] === ANSWERS);
  const failures = rows.flatMap((row) => listOf(row?.['failures']) ?? []);
  const answers = failures.length === 1 ? listOf(objectOf(objectOf(failures[0])?.['metadata'])?.['answers']) : null;
  return { answers, problems: answers === null ? conftestProblems(tail) : [] };
}

// `policy/a.rego:5: rego_parse_error: …`, and in a list of built-in errors `{Code:eval_type_error Message:… Location:policy/a.rego:5 err:…}`
// (conftest 0.69, recorded 2026-11).
const LINE = /(?:(\S+?):(\d+): )?((?:rego|eval)_\w+): ([^\n]*)/g;
const BUILTIN = /\{Code:(\w+) Message:([^\n]*?) Location:(\S+?):(\d+) err:/g;

function conftestProblems(tail: string): EngineProblem[] {
  const text = stripVTControlCharacters(tail);
  const builtin = [...text.matchAll(BUILTIN)].map(([, code = null, message = '', file = null, row = '']) =>
    toProblem(file, Number(row), code, message),
  );
  if (builtin.length > 0) return builtin;
  return [...text.matchAll(LINE)].map(([, file = null, row, code = null, message = '']) =>
    toProblem(file, row === undefined ? null : Number(row), code, message),
  );
}

function toProblem(file: string | null, row: number | null, code: string | null, message: string): EngineProblem {
  const isOurs = file === null || file === '' || file.startsWith(`${PLACES.answers}/`);
  return {
    place: isOurs ? null : ourPaths(row === null ? file : `${file}:${row}`),
    code,
    message: ourPaths(code === null ? withoutInput(message) : code.startsWith('eval_') ? withoutValues(message) : cut(message, 500)),
  };
}

/** Places in the folder of the engine as they are in the repository. */
const ourPaths = (text: string): string => text.replaceAll(`${PLACES.policies}/`, '').replace(/(?<![\w./-])data\/\d+\//g, '');

/**
 * What happened while it judged the plan may quote the plan: `parsing "hunter2": invalid syntax`. Types and fixed sentences are kept, of
 * the rest only which function it was.
 */
function withoutValues(message: string): string {
  if (
    /^(?:[\w.]+: operand \d+ must be [\w ,{}]+ but got \w+|complete rules must not .*|functions must not .*|object keys must .*)$/.test(
      message,
    )
  )
    return message;
  const [, name] = /^([a-z][\w.]*):/.exec(message) ?? [];
  return name === undefined ? 'the evaluation failed' : `${name} failed`;
}

// A parser quotes what it cannot read.
const withoutInput = (message: string): string =>
  /\b(?:input|pars\w+|unmarshal)\b.*:/.test(message) ? 'the plan could not be read' : cut(message, 500);

/**
 * The error that a program in Go ends with. Of its other output nothing is told: it may be half of an answer, and half a secret is not
 * found by a masker.
 */
function lastError(tail: string): string {
  const line = stripVTControlCharacters(tail)
    .split(/\r?\n|\r/)
    .findLast((text) => /^(?:Error|fatal error|panic: runtime error): /.test(text));
  return line === undefined ? '' : `: ${ourPaths(withoutInput(line))}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whoever asks finds no answer in it, and says so.
    return null;
  }
}
