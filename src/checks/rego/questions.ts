// Which rules of which packages are asked, and the Rego module that asks them. Pure.
//
// One module of ours collects the answers, so that both engines give the same thing: what each rule's value is. conftest's own reading
// would drop what it does not expect: `deny := true`, a number in a set, a package without rules all look like a pass there.
import { err, ok, type Result } from '../../base/result.ts';
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { PolicyText } from './rego-text.ts';

export interface Question {
  /** The package, as people write it: `terraform.aws`. */
  readonly namespace: string;
  readonly path: readonly string[];
  /** `deny_public_bucket`, or `exception`. */
  readonly rule: string;
  /** It stands where rules are defined. Else it is only mentioned, and may not exist. */
  readonly isDefined: boolean;
}

/** The package of our module. */
export const ANSWERS = 'runtask_answers';

export const EXCEPTION = 'exception';

/** @returns at least one question for every package asked, or a sentence that says why there is none */
export function toQuestions(policies: readonly PolicyText[], namespaces: RegoSpec['namespaces']): Result<Question[], string> {
  const packages = new Map<string, { path: readonly string[]; policies: PolicyText[] }>();
  for (const policy of policies) {
    if (policy.package === null) continue;
    const name = policy.package.join('.');
    const known = packages.get(name) ?? { path: policy.package, policies: [] };
    known.policies.push(policy);
    packages.set(name, known);
  }
  if (packages.has(ANSWERS)) return err(`The package ${ANSWERS} is ours. Give yours another name`);

  const found = [...packages.keys()].sort();
  const asked = namespaces === 'all' ? found : [...new Set(namespaces)];
  const questions: Question[] = [];
  for (const namespace of asked) {
    const known = packages.get(namespace);
    if (known === undefined) return err(`No policy is in the package ${namespace}. ${told(found)}`);
    const inPackage = questionsOf(namespace, known.path, known.policies);
    if (inPackage.length === 0 && namespaces !== 'all')
      return err(`The package ${namespace} has no rule named deny, violation or warn (or deny_…): nothing would be asked`);
    questions.push(...inPackage);
  }
  if (questions.length === 0) return err(`No package has a rule named deny, violation or warn (or deny_…). ${told(found)}`);
  return ok(questions);
}

const told = (found: readonly string[]): string =>
  found.length === 0
    ? 'No package was found at all'
    : `Found: ${found.slice(0, 10).join(', ')}${found.length > 10 ? ' and more' : ''}. Name them in \`namespaces\`, or write \`namespaces: all\``;

function questionsOf(namespace: string, path: readonly string[], policies: readonly PolicyText[]): Question[] {
  const rules = [...new Set(policies.flatMap(({ mentioned }) => [...mentioned]))].sort();
  if (rules.length === 0) return [];
  const isDefined = (rule: string): boolean => policies.some(({ defined }) => defined.has(rule));
  const ask = (rule: string): Question => ({ namespace, path, rule, isDefined: isDefined(rule) });
  return [...rules.map(ask), ...(policies.some(({ hasException }) => hasException) ? [ask(EXCEPTION)] : [])];
}

/**
 * The answers are a list with one item for each question: `[]` where the rule is undefined, else `[value]`. Readable as v0 and as v1.
 * The names come from policies of the trusted checkout; written as strings they can be nothing but names.
 */
export const toAnswersModule = (questions: readonly Question[]): string =>
  [
    `package ${ANSWERS}`,
    'import rego.v1',
    'deny contains {"msg": "answers", "answers": [',
    ...questions.map(
      ({ path, rule }) => `\t[value | value := data${[...path, rule].map((name) => `[${JSON.stringify(name)}]`).join('')}],`,
    ),
    ']}',
    '',
  ].join('\n');
