// What the values of rules mean, after conftest's conventions: findings, or why they cannot be read as such. Pure.
//
// A value that is none of the known forms is an error and not nothing: whoever wrote the rule meant to say something with it.
import { SEVERITIES, type Severity } from '../../contracts/check-words.ts';
import type { FindingDraft } from '../kind.ts';
import { keepWorst } from '../reports/keep-worst.ts';
import { listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { EXCEPTION, type Question } from './questions.ts';

export interface Judged {
  readonly findings: readonly FindingDraft[];
  /** Why some of it could not be read, as sentences. */
  readonly problems: readonly string[];
  /** What became of each rule, for `--explain`. */
  readonly seen: readonly { readonly subject: string; readonly saw: string }[];
}

export interface JudgeContext {
  readonly severity: Severity;
  /** The check's own words. */
  readonly message: string | undefined;
  /** Of the plan's addresses. */
  readonly actions: ReadonlyMap<string, string>;
}

/** @param answers  one for each question: `[]` where the rule is undefined, else `[value]` */
export function toFindings(questions: readonly Question[], answers: readonly unknown[], context: JudgeContext): Judged {
  const findings: FindingDraft[] = [];
  const problems: string[] = [];
  const seen: { subject: string; saw: string }[] = [];
  const asked = questions.map((question, index) => ({ question, answer: listOf(answers[index]) }));
  const excepted = (namespace: string): Set<string> => {
    const own = asked.find(({ question }) => question.namespace === namespace && question.rule === EXCEPTION);
    return exceptionsIn(own?.answer?.[0]);
  };

  for (const { question, answer } of asked) {
    if (question.rule === EXCEPTION) continue;
    const subject = `${question.namespace}.${question.rule}`;
    const [value] = answer ?? [];
    if (answer === null || answer.length > 1) problems.push(`${subject} has no readable answer`);
    else if (value === undefined) {
      if (question.isDefined) seen.push({ subject, saw: 'undefined: none of its conditions held' });
    } else {
      const read = readValue(value, question, context);
      const isExcepted = read.findings.length > 0 && excepted(question.namespace).has(withoutPrefix(question.rule));
      problems.push(...read.problems);
      findings.push(...(isExcepted ? [toNote(subject, read.findings.length)] : read.findings));
      seen.push({ subject, saw: saw(read.findings.length, isExcepted, read.problems) });
    }
  }
  problems.push(...emptyPackages(asked));
  return {
    findings: keepWorst(
      findings.map((draft) => ({ ...draft, level: draft.level ?? 'error', severity: draft.severity ?? context.severity })),
    ),
    problems,
    seen,
  };
}

function saw(count: number, isExcepted: boolean, problems: readonly string[]): string {
  const found = `${count} ${count === 1 ? 'finding' : 'findings'}`;
  return [isExcepted ? `${found}, excepted by the policy` : found, ...problems].join('. ');
}

/** A rule's name that is only mentioned, in a package of which no rule has a value: it has no rules, whatever its text says. */
function emptyPackages(asked: readonly { question: Question; answer: readonly unknown[] | null }[]): string[] {
  const namespaces = [...new Set(asked.map(({ question }) => question.namespace))];
  return namespaces
    .filter((namespace) => {
      const own = asked.filter(({ question }) => question.namespace === namespace && question.rule !== EXCEPTION);
      return own.every(({ question, answer }) => !question.isDefined && answer?.length === 0);
    })
    .map((namespace) => `The package ${namespace} names deny, violation or warn, but defines no such rule`);
}

/** `exception[rules]`: lists of rule names without their prefix; "" stands for the plain `deny`, `violation` and `warn`. */
function exceptionsIn(value: unknown): Set<string> {
  const lists = listOf(value) ?? [];
  return new Set(lists.flatMap((names) => listOf(names) ?? []).filter((name) => typeof name === 'string'));
}

const withoutPrefix = (rule: string): string => rule.replace(/^(?:deny|violation|warn)_?/, '');

const toNote = (subject: string, count: number): FindingDraft => ({
  message: `${count} ${count === 1 ? 'finding' : 'findings'} of ${subject} ${count === 1 ? 'is' : 'are'} excepted by the policy itself (exception)`,
  level: 'note',
  severity: 'info',
  ruleId: subject,
});

type ValueRead = Pick<Judged, 'findings' | 'problems'>;

function readValue(value: unknown, question: Question, context: JudgeContext): ValueRead {
  const subject = `${question.namespace}.${question.rule}`;
  const base = { ruleId: subject, level: question.rule.startsWith('warn') ? 'warning' : 'error', severity: context.severity } as const;
  const findings: FindingDraft[] = [];
  const strange = new Set<string>();
  const items = listOf(value);
  // A rule with one value says it once: `deny := "…"`, `deny if { … }`.
  if (items === null && value === true) findings.push({ ...base, message: context.message ?? `${subject} is true` });
  else if (items === null && value !== false && !addItem(value)) {
    const hint = objectOf(value) === null ? '' : '. For a set of messages write `deny contains msg if { … }`';
    strange.add(`${subject} is ${kindOf(value)} and no set of messages${hint}`);
  }
  for (const item of items ?? [])
    if (!addItem(item)) strange.add(`${subject} holds ${kindOf(item)}. Texts are read, and objects with \`msg\``);

  function addItem(item: unknown): boolean {
    const draft = typeof item === 'string' ? { message: item } : fromObject(objectOf(item), context);
    if (draft === null) return false;
    findings.push({
      ...base,
      ...draft,
      message: draft.message === '' ? (context.message ?? `${subject}, without a message`) : draft.message,
    });
    return true;
  }
  return { findings, problems: [...strange] };
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object without `msg`' : `a ${typeof value}`;

/** What an object may say besides `msg`, at its top, in `details` or `metadata` (Gatekeeper, conftest), or in `custom` (annotations). */
function fromObject(object: Dict | null, { actions }: JudgeContext): (Partial<FindingDraft> & { message: string }) | null {
  const message = textOf(own(object, 'msg')) ?? textOf(own(object, 'message'));
  if (object === null || message === null) return null;
  const inside = (holder: Dict, key: string): Dict[] => [objectOf(own(holder, key))].filter((found) => found !== null);
  const inner = ['details', 'metadata', 'custom'].flatMap((key) => inside(object, key));
  const holders = [object, ...inner, ...inner.flatMap((holder) => inside(holder, 'custom'))];
  const text = (...keys: string[]): string | null =>
    keys.flatMap((key) => holders.flatMap((holder) => textOf(own(holder, key)) ?? [])).find((found) => found !== '') ?? null;

  const location = objectOf(own(object, '_loc'));
  const address = text('address', 'resource_address', 'resource') ?? textOf(own(objectOf(own(object, 'resource')), 'address'));
  const severity = severityOf(text('severity'));
  const rule = text('rule_id', 'id', 'rule');
  return {
    message,
    ...(severity === null ? {} : { severity }),
    ...(rule === null ? {} : { ruleId: rule }),
    help: text('help', 'remediation'),
    url: text('url'),
    attribute: text('attribute'),
    address,
    action: address === null ? null : (actions.get(address) ?? null),
    file: textOf(own(location, 'file')),
    line: lineOf(own(location, 'line')),
  };
}

const own = (object: Dict | null, key: string): unknown => (object !== null && Object.hasOwn(object, key) ? object[key] : undefined);

function lineOf(value: unknown): number | null {
  const line = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : numberOf(value);
  return line !== null && Number.isInteger(line) && line > 0 ? line : null;
}

const SYNONYMS: Readonly<Record<string, Severity>> = {
  informational: 'info',
  note: 'info',
  moderate: 'medium',
  error: 'high',
  warning: 'medium',
};

/** null: no word that we know; the check's own severity holds then. */
function severityOf(word: string | null): Severity | null {
  const lower = word?.toLowerCase() ?? '';
  return SEVERITIES.find((severity) => severity === lower) ?? (Object.hasOwn(SYNONYMS, lower) ? (SYNONYMS[lower] ?? null) : null);
}
