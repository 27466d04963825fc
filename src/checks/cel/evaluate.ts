// Evaluates one CEL check on a plan, subject by subject. Pure and synchronous; its limits are in inline.ts and host.ts.
//
// Three answers other than true and false, and none of them passes unless the author says so: a value that is known only after apply is
// a finding; an expression that cannot be evaluated, or gives no boolean, is a problem of the check.
import { describeThrown } from '../../base/fault.ts';
import type { UnknownPolicy } from '../../contracts/check-words.ts';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import type { Params } from '../../contracts/checks-file.ts';
import type { FindingDraft } from '../kind.ts';
import type { View } from './change-values.ts';
import { compileCel, type CelExpression, type CompiledCel, type NamedValue } from './compile.ts';
import type { CelPlan, Subject } from './subjects.ts';
import { codeOf, summaryOf, toText, typeName } from './text.ts';
import { UnknownValue } from './unknown.ts';
import type { Shared } from './variables.ts';

/** A check as it can be sent to a thread. */
export interface CelQuestion {
  readonly spec: CelSpec;
  readonly params: Params;
  /** Addresses (globs) that it is not asked of. */
  readonly except: readonly string[];
  readonly maxFindings: number;
  /** Tell what each subject showed. */
  readonly explain: boolean;
}

export interface CelReport {
  /** At most `maxFindings`. */
  readonly findings: readonly FindingDraft[];
  /** Found beyond those: as errors, and as warnings. */
  readonly unlisted: { readonly error: number; readonly warning: number };
  /** First ones only; each names its resource. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  /** Subject and what was seen; empty unless asked for. */
  readonly explained: readonly (readonly [subject: string, saw: string])[];
}

// The first few say what is wrong; a typo in a rule fails on each of 100,000 resources alike.
const MAX_PROBLEMS = 5;

/** In one go. */
export function evaluateCel(question: CelQuestion, plan: CelPlan): CelReport {
  const evaluation = evaluateStepwise(question, plan);
  for (;;) {
    const { done, value } = evaluation.next();
    if (done === true) return value;
  }
}

/** Stops before each subject, so that whoever runs it can look at the clock. */
export function* evaluateStepwise(
  question: CelQuestion,
  plan: CelPlan,
  compiled: ReturnType<typeof compileCel> = compileCel(question.spec),
): Generator<undefined, CelReport> {
  const { spec, except, maxFindings } = question;
  if (!compiled.ok) return noAnswer(compiled.error.map(({ field, problem }) => `\`${field}\`: ${problem}`));
  let subjects: readonly Subject[];
  try {
    subjects = plan.subjects(spec.for);
  } catch (error) {
    return noAnswer([describeThrown(error)]);
  }

  const rule: Rule = { spec, compiled: compiled.value, shared: plan.shared(question.params) };
  const named = question.explain ? compiled.value.namedValues() : null;
  const report = { findings: [] as FindingDraft[], problems: [] as string[], explained: [] as [string, string][] };
  const unlisted = { error: 0, warning: 0 };
  let problemCount = 0;
  for (const subject of subjects) {
    yield;
    const excepted = subject.address !== null && plan.isExcepted(except, subject.address);
    const answer: Answer = excepted ? notAsked('the check excepts it') : ask(subject, rule);
    if (named !== null) report.explained.push([subject.label, explain(answer, named, subject, rule)]);
    if (answer.kind === 'problem') {
      problemCount++;
      if (report.problems.length < MAX_PROBLEMS) report.problems.push(`${answer.text()} (at ${subject.label})`);
    }
    const level = levelOf(answer, spec.unknown);
    if (level === null) continue;
    if (report.findings.length >= maxFindings) unlisted[level]++;
    else report.findings.push(toFinding(answer, level, subject, rule));
  }
  return { ...report, unlisted, problemCount };
}

const noAnswer = (problems: readonly string[]): CelReport => ({
  findings: [],
  unlisted: { error: 0, warning: 0 },
  problems,
  problemCount: problems.length,
  explained: [],
});

interface Rule {
  readonly spec: CelSpec;
  readonly compiled: CompiledCel;
  readonly shared: Readonly<Record<View, Shared>>;
}

type Answer =
  | { readonly kind: 'not-asked'; readonly why: string }
  | { readonly kind: 'holds' | 'violated' }
  | { readonly kind: 'unknown'; readonly field: Field; readonly value: UnknownValue }
  /** Written only for the few that are told. */
  | { readonly kind: 'problem'; readonly text: () => string };

type Field = 'when' | 'assert';

const notAsked = (why: string): Answer => ({ kind: 'not-asked', why });

function ask(subject: Subject, rule: Rule): Answer {
  const { when, assert, choosesActions, looksIntoAfterOnly } = rule.compiled;
  if (!choosesActions && !subject.byDefault) return notAsked(`nothing changes (${subject.action}), and no \`when\` speaks of actions`);
  // A rule about what will exist says nothing of an object that will be gone: there is nothing that it could look into.
  if (looksIntoAfterOnly && subject.isGone) return notAsked(`it will be gone (${subject.action}), and the rule looks only into \`after\``);
  const variables = subject.variables(rule.shared.raw);
  const applies = when === null ? true : askOne('when', when, subject, rule, variables);
  if (typeof applies === 'object') return applies;
  if (!applies) return notAsked('`when` is false');
  const holds = askOne('assert', assert, subject, rule, variables);
  if (typeof holds === 'object') return holds;
  return { kind: holds ? 'holds' : 'violated' };
}

function askOne(field: Field, expression: CelExpression, subject: Subject, rule: Rule, variables: object): boolean | Answer {
  try {
    const value = expression(variables);
    if (typeof value === 'boolean') return value;
    return { kind: 'problem', text: () => `\`${field}\` gave ${typeName(value)} instead of true or false` };
  } catch (error) {
    if (error instanceof UnknownValue) return { kind: 'unknown', field, value: error };
    return { kind: 'problem', text: () => `\`${field}\` could not be evaluated: ${safeSummaryOf(error, expression, subject, rule)}` };
  }
}

/**
 * The text of an error quotes what it stumbled over, often only a part of it ("unter2-…" of a password that is no duration), and no
 * masker knows a part of a secret. So what is told is the same mistake made with words in place of hidden values.
 */
function safeSummaryOf(error: unknown, expression: CelExpression, subject: Subject, { shared }: Rule): string {
  try {
    expression(subject.variables(shared.shown));
  } catch (shown) {
    if (codeOf(shown) === codeOf(error)) return summaryOf(shown);
  }
  return 'a value does not fit it, and to say which could tell a part of one that is hidden';
}

const LEVEL_OF_UNKNOWN: Readonly<Record<UnknownPolicy, 'error' | 'warning' | null>> = { fail: 'error', warn: 'warning', pass: null };

function levelOf({ kind }: Answer, unknown: UnknownPolicy): 'error' | 'warning' | null {
  if (kind === 'violated') return 'error';
  return kind === 'unknown' ? LEVEL_OF_UNKNOWN[unknown] : null;
}

function toFinding(answer: Answer, level: 'error' | 'warning', subject: Subject, rule: Rule): FindingDraft {
  const [first] = answer.kind === 'unknown' ? answer.value.at : [];
  const attribute = typeof first === 'string' ? first : rule.compiled.attribute;
  return {
    message: answer.kind === 'unknown' ? sayUnknown(answer, subject) : write(subject, rule),
    ...(level === 'error' ? {} : { level }),
    address: subject.address,
    action: subject.action,
    ...(attribute === null ? {} : { attribute }),
  };
}

const sayUnknown = ({ value, field }: Answer & { kind: 'unknown' }, { label }: Subject): string =>
  `${label} cannot be judged before apply: ${value.message}, and \`${field}\` needs it`;

function write(subject: Subject, { spec, compiled: { message }, shared }: Rule): string {
  const plain = `${subject.label} does not satisfy \`${spec.assert}\``;
  if (message === null) return plain;
  try {
    const variables = subject.variables(shared.shown);
    return message.map((part) => (typeof part === 'string' ? part : toText(part(variables)))).join('');
  } catch (error) {
    // The violation stands; only its wording is lost.
    return `${plain} (its message could not be written: ${summaryOf(error)})`;
  }
}

// Not cut: what is left of a secret that was cut through is found by no masker. The runner cuts what it has masked.
const VALUE_LENGTH = 2000;

function explain(answer: Answer, named: readonly NamedValue[], subject: Subject, { spec, shared }: Rule): string {
  const saw = {
    'not-asked': () => `not asked: ${(answer as { why: string }).why}`,
    'holds': () => '`assert` is true',
    'violated': () => '`assert` is false',
    'unknown': () => `${sayUnknown(answer as Answer & { kind: 'unknown' }, subject)} (\`unknown: ${spec.unknown}\`)`,
    'problem': () => (answer as { text: () => string }).text(),
  }[answer.kind]();
  const variables = subject.variables(shared.shown);
  const values = named.map(({ source, value }) => {
    try {
      const text = toText(value(variables), true);
      return `${source} = ${text.length > VALUE_LENGTH ? `(${text.length} characters)` : text}`;
    } catch {
      return `${source} is not there`;
    }
  });
  return values.length === 0 ? saw : `${saw}; ${values.join(', ')}`;
}
