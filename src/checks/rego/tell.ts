// The engine's problems as one reason for people, with the remedy where we know one. Pure.
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { EngineProblem } from './read-end.ts';

const LISTED = 5;

export function tellProblems(problems: readonly EngineProblem[], spec: Pick<RegoSpec, 'input'>): string {
  const texts = [...new Set(problems.map(toText))];
  const remedies = [...new Set(problems.flatMap((problem) => remedyOf(problem, spec) ?? []))];
  const more = texts.length > LISTED ? [`and ${texts.length - LISTED} more`] : [];
  return [...texts.slice(0, LISTED), ...more, ...remedies].join('. ');
}

const toText = ({ place, code, message }: EngineProblem): string =>
  `${place === null ? '' : `${place}: `}${message.replace(/\.$/, '')}${code === null ? '' : ` (${code})`}`;

export const notHeld = ({ input }: Pick<RegoSpec, 'input'>): string =>
  `\`input: ${input}\` does not hold it, so that the rule would never say anything. Is \`input\` right? Only with \`strict: false\` is it taken for undefined`;

interface Remedy {
  readonly of: RegExp;
  readonly text: (spec: Pick<RegoSpec, 'input'>) => string;
}

const REMEDIES: readonly Remedy[] = [
  {
    of: /^undefined function (?:http\.send|net\.lookup_ip_addr|opa\.runtime)$/,
    text: () => 'It is switched off: policies have no network and no environment',
  },
  {
    of: /^undefined ref: input\b/,
    text: notHeld,
  },
  {
    of: /^undefined ref: data\.\S+\.(?:deny|violation|warn)/,
    text: () => 'A function must not be named like a rule that is asked',
  },
];
// Of whatever function it was.
const EVALUATION =
  'Rego takes a function that fails for undefined, and a rule may have passed what it could not judge. Ask first (`is_string(x)`), or write `strict: false`';

function remedyOf({ code, message }: EngineProblem, spec: Pick<RegoSpec, 'input'>): string | null {
  if (code === 'eval_builtin_error' || code === 'eval_type_error') return EVALUATION;
  return REMEDIES.find(({ of }) => of.test(message))?.text(spec) ?? null;
}
