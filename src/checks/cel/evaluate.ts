// Evaluates one CEL check on a plan. Pure and synchronous; the thread and the timeout around it are in host.ts.
//
// Three answers other than true and false, and none of them passes: a value that is known only after apply is a finding; an
// expression that cannot be evaluated, or gives no boolean, is a problem of the check.
import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { describeThrown } from '../../base/fault.ts';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import type { RunFacts } from '../../contracts/run-task-request.ts';
import type { Plan } from '../../plan/model.ts';
import type { FindingDraft } from '../kind.ts';
import { compileCel, type CelExpression, type CompiledCel, type MessagePart } from './compile.ts';
import { LINEAR_MATCHES } from './environment.ts';
import { isGone, subjectsOf, type Subject } from './subjects.ts';
import { UnknownValue } from './unknown.ts';

export interface CelReport {
  /** At most `maxFindings`. */
  readonly findings: readonly FindingDraft[];
  /** Found beyond those. */
  readonly unlisted: number;
  /** First ones only; each names its resource. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

// The first few say what is wrong; a typo in a rule fails on each of 100,000 resources alike.
const MAX_PROBLEMS = 5;

export function evaluateCel(spec: CelSpec, plan: Plan, run: RunFacts, maxFindings: number): CelReport {
  const compiled = compileCel(spec);
  if (!compiled.ok) {
    const problems = compiled.error.map(({ field, problem }) => `\`${field}\`: ${problem}`);
    return { findings: [], unlisted: 0, problems, problemCount: problems.length };
  }
  const findings: FindingDraft[] = [];
  const problems: string[] = [];
  let unlisted = 0;
  let problemCount = 0;
  for (const subject of subjectsOf(spec.for, plan, run)) {
    const answer = ask(subject, compiled.value);
    if (answer.kind === 'fine') continue;
    if (answer.kind === 'problem') {
      problemCount++;
      if (problems.length < MAX_PROBLEMS) problems.push(`${answer.text()} (at ${subject.label})`);
    } else if (findings.length >= maxFindings) unlisted++;
    else
      findings.push({
        message: answer.kind === 'unknown' ? answer.text : write(compiled.value.message, spec, subject),
        address: subject.address,
        action: subject.action,
      });
  }
  return { findings, unlisted, problems, problemCount };
}

type Answer =
  | { readonly kind: 'fine' | 'violated' }
  | { readonly kind: 'unknown'; readonly text: string }
  /** Written only for the few that are told. */
  | { readonly kind: 'problem'; readonly text: () => string };

function ask(subject: Subject, { when, assert, looksIntoAfterOnly }: CompiledCel): Answer {
  if (when === null && !subject.byDefault) return { kind: 'fine' };
  // A rule about what will exist says nothing of an object that will be gone: there is nothing that it could look into.
  if (looksIntoAfterOnly && isGone(subject)) return { kind: 'fine' };
  const variables = subject.variables('raw');
  const applies = when === null ? true : askOne('when', when, subject, variables);
  if (typeof applies === 'object') return applies;
  if (!applies) return { kind: 'fine' };
  const holds = askOne('assert', assert, subject, variables);
  if (typeof holds === 'object') return holds;
  return { kind: holds ? 'fine' : 'violated' };
}

function askOne(field: 'when' | 'assert', expression: CelExpression, subject: Subject, variables: object): boolean | Answer {
  try {
    const value = expression(variables);
    if (typeof value === 'boolean') return value;
    return { kind: 'problem', text: () => `\`${field}\` gave ${typeName(value)} instead of true or false` };
  } catch (error) {
    if (error instanceof UnknownValue)
      return { kind: 'unknown', text: `${subject.label} cannot be judged before apply: ${error.message}, and \`${field}\` needs it` };
    return { kind: 'problem', text: () => `\`${field}\` could not be evaluated: ${safeSummaryOf(error, expression, subject)}` };
  }
}

/**
 * The text of an error quotes what it stumbled over, often only a part of it ("unter2-…" of a password that is no duration), and no
 * masker knows a part of a secret. So what is told is the same mistake made with words in place of hidden values.
 */
function safeSummaryOf(error: unknown, expression: CelExpression, subject: Subject): string {
  try {
    expression(subject.variables('shown'));
  } catch (shown) {
    if (codeOf(shown) === codeOf(error)) return summaryOf(shown);
  }
  return 'a value does not fit it, and to say which could tell a part of one that is hidden';
}

const isKnown = (error: unknown): error is EvaluationError | CelTypeError | ParseError =>
  error instanceof EvaluationError || error instanceof CelTypeError || error instanceof ParseError;

const codeOf = (error: unknown): string => (isKnown(error) ? error.code : 'thrown by a function');

/** Without the picture of the source that the library puts below. */
function summaryOf(error: unknown): string {
  const known = isKnown(error);
  const text = (known ? error.summary : describeThrown(error)).replaceAll(LINEAR_MATCHES, 'matches');
  return known && error.code === 'no_such_key' ? `${text}. Ask \`has(…)\` first, or exclude such resources with \`when\`` : text;
}

function write(parts: readonly MessagePart[] | null, spec: CelSpec, subject: Subject): string {
  const plain = `${subject.label} does not satisfy \`${spec.assert}\``;
  if (parts === null) return plain;
  try {
    const variables = subject.variables('shown');
    return parts.map((part) => (typeof part === 'string' ? part : toText(part(variables)))).join('');
  } catch (error) {
    // The violation stands; only its wording is lost.
    return `${plain} (its message could not be written: ${summaryOf(error)})`;
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? typeName(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { bigint: 'a number', number: 'a number', string: 'text', object: 'a map' }[typeof value as string] ?? typeof value;
}
