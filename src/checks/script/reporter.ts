// fail, warn, note and each of a script: what an author calls, checked on the spot so that a slip has the author's own line. Runs in
// the script's process; sends no more findings of a level than are listed and counts the rest.
import { createExceptions, type IsExcepted } from '../../findings/exceptions.ts';
import { UnknownValue, type EachOptions, type CheckContext, type FindingOptions, type Plan, type Subject, type Tell } from './api.ts';
import type { Level, ScriptFinding, ScriptMessage, ScriptUnlisted } from './messages.ts';

export interface Reporter extends Pick<CheckContext, 'fail' | 'warn' | 'note' | 'each'> {
  unlisted(): ScriptUnlisted[];
  /** A value that cannot be known was read, and nobody minded: a finding about the place. */
  cannotKnow(error: UnknownValue, tell?: Tell, rule?: string): void;
}

export interface ReporterLimits {
  readonly maxFindings: number;
  readonly maxText: number;
  /** Addresses (globs) that are not told. */
  readonly except: readonly string[];
}

type Send = (message: Extract<ScriptMessage, { finding: unknown }>) => void;

const OPTIONS: Readonly<Record<keyof FindingOptions, 'string' | 'number'>> = {
  rule: 'string',
  severity: 'string',
  attribute: 'string',
  help: 'string',
  url: 'string',
  file: 'string',
  line: 'number',
};
const SEVERITIES: readonly string[] = ['info', 'low', 'medium', 'high', 'critical'];

export function createReporter(plan: Plan, send: Send, { maxFindings, maxText, except }: ReporterLimits): Reporter {
  // By level and severity: with `fail_on` the severity decides, and a thousand mild findings must not hide a grave one.
  const made = new Map<string, { readonly level: Level; readonly severity: ScriptFinding['severity']; count: number }>();
  let actions: Map<string, string> | null = null;
  let isExcepted: IsExcepted | null = null;

  // The masker must see a text as a whole, and a whole one may be a plan.
  const bounded = (text: string | undefined, what: string): string | null =>
    text === undefined ? null : text.length <= maxText ? text : `(a ${what} of ${text.length} characters is withheld; write a shorter one)`;

  const tellOf =
    (level: Level, called: string): Tell =>
    (subject, message, options = {}) => {
      if (typeof message !== 'string' || message.trim() === '') throw new TypeError(`${called}(subject, message): a message is missing`);
      checkOptions(called, options);
      const address = addressOf(called, subject);
      if (address !== null && except.length > 0 && (isExcepted ??= createExceptions(plan.resources))(except, address)) return;
      const key = `${level} ${options.severity ?? ''}`;
      const same = made.get(key) ?? { level, severity: options.severity, count: 0 };
      made.set(key, same);
      same.count += 1;
      if (same.count > maxFindings) return;
      // Looked up once something is found: most plans are good.
      actions ??= new Map([...plan.drift, ...plan.resources].map((change) => [change.address, change.action]));
      const { rule, severity, attribute, help, url, file, line } = options;
      const finding: ScriptFinding = {
        level,
        message: bounded(message, 'message') ?? '',
        address: bounded(address ?? undefined, 'address'),
        action: address === null ? null : (actions.get(address) ?? null),
        ruleId: bounded(rule, 'rule'),
        attribute: bounded(attribute, 'attribute'),
        help: bounded(help, 'help'),
        url: bounded(url, 'url'),
        file: bounded(file, 'file'),
        line: line ?? null,
        ...(severity === undefined ? {} : { severity }),
      };
      send({ finding });
    };

  const fail = tellOf('error', 'fail');
  const warn = tellOf('warning', 'warn');
  const note = tellOf('note', 'note');
  const policies = { fail, warn, pass: (): void => {} } as const;

  const cannotKnow = ({ address, path }: UnknownValue, tell: Tell = fail, rule?: string): void => {
    const [attribute] = /^[A-Za-z_][\w-]*/.exec(path) ?? [];
    const what = path === '' ? 'The object' : `\`${path}\``;
    tell(address, `${what} is known only after apply, so it cannot be judged before`, {
      ...(rule === undefined ? {} : { rule }),
      ...(attribute === undefined ? {} : { attribute }),
    });
  };

  function each<Item>(subjects: Iterable<Item>, judge: (subject: Item) => Promise<void>, options?: EachOptions): Promise<void>;
  function each<Item>(subjects: Iterable<Item>, judge: (subject: Item) => void, options?: EachOptions): void;
  function each<Item>(
    subjects: Iterable<Item>,
    judge: (subject: Item) => void | Promise<void>,
    { unknown = 'fail', rule, ...others }: EachOptions = {},
  ): void | Promise<void> {
    const policy = Object.hasOwn(policies, unknown) ? policies[unknown] : null;
    if (policy === null) throw new TypeError('each(…): unknown is "fail", "warn" or "pass"');
    const [other] = Object.keys(others);
    if (other !== undefined) throw new TypeError(`each(…) knows no option ${other}. It knows: unknown, rule`);
    return judgeEach(subjects[Symbol.iterator](), judge, (error) => {
      if (!(error instanceof UnknownValue)) throw error;
      cannotKnow(error, policy, rule);
    });
  }

  return {
    fail,
    warn,
    note,
    unlisted: () =>
      [...made.values()].flatMap(({ count, level, severity }) =>
        count > maxFindings ? [{ level, count: count - maxFindings, ...(severity === undefined ? {} : { severity }) }] : [],
      ),
    cannotKnow,
    each,
  };
}

/** Plain as long as the author's function is: most rules are, and nobody awaits them. */
function judgeEach<Item>(
  subjects: Iterator<Item>,
  judge: (subject: Item) => void | Promise<void>,
  onThrown: (error: unknown) => void,
): void | Promise<void> {
  for (let next = subjects.next(); next.done !== true; next = subjects.next()) {
    try {
      const pending = judge(next.value);
      if (pending instanceof Promise) return judgeRest(pending, subjects, judge, onThrown);
    } catch (error) {
      onThrown(error);
    }
  }
}

async function judgeRest<Item>(
  first: Promise<void>,
  subjects: Iterator<Item>,
  judge: (subject: Item) => void | Promise<void>,
  onThrown: (error: unknown) => void,
): Promise<void> {
  await first.catch(onThrown);
  for (let next = subjects.next(); next.done !== true; next = subjects.next()) {
    try {
      await judge(next.value);
    } catch (error) {
      onThrown(error);
    }
  }
}

function checkOptions(called: string, options: FindingOptions): void {
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, key))
      throw new TypeError(`${called}(…) knows no option ${key}. It knows: ${Object.keys(OPTIONS).join(', ')}`);
    const type = OPTIONS[key as keyof FindingOptions];
    if (value !== undefined && typeof value !== type) throw new TypeError(`${called}(…): ${key} is a ${type}`);
  }
  if (options.severity !== undefined && !SEVERITIES.includes(options.severity))
    throw new TypeError(`${called}(…): severity is one of ${SEVERITIES.join(', ')}`);
  if (options.line !== undefined && !(Number.isInteger(options.line) && options.line >= 1))
    throw new TypeError(`${called}(…): line is a whole number from 1`);
}

function addressOf(called: string, subject: Subject): string | null {
  if (subject === null || typeof subject === 'string') return subject;
  const address: unknown = typeof subject === 'object' ? subject.address : undefined;
  if (typeof address === 'string') return address;
  throw new TypeError(`${called}(subject, message): the subject is a change, an address or null`);
}
