// What applying a plan comes to when it changes no resource, as Terraform tells these apart: nothing at all, only outputs, only the state,
// nothing yet, or a plan that failed. No markup here.
import { plural } from './words.ts';

/** How many of each a plan has to tell. */
export interface PlanParts {
  /** Changes of resources: destroy, replace, unknown actions, update, create. */
  readonly changed: number;
  readonly forgotten: number;
  readonly imported: number;
  readonly moved: number;
  readonly read: number;
  readonly outputs: number;
  readonly invocations: number;
  /** Changes and actions that are left to a later run. */
  readonly deferred: number;
  /** Changes outside of Terraform: those that it tells of, and the rest. */
  readonly drift: number;
  readonly otherDrift: number;
  readonly refreshOnly: boolean;
  readonly errored: boolean;
  /** Terraform looked at a part only: the plan was targeted. */
  readonly partial: boolean;
}

export interface PlanEffect {
  /** For a headline: `no changes`, `only outputs change`. */
  readonly words: string;
  /** One sentence or two for whoever wonders what applying this would do. */
  readonly sentence: string;
}

const noneOf = (...counts: readonly number[]): boolean => counts.every((count) => count === 0);

/** null: the plan changes resources, and these are what there is to tell. */
export function effectOf(parts: PlanParts): PlanEffect | null {
  return parts.changed > 0 ? null : { words: wordsOf(parts), sentence: sentenceOf(parts) };
}

/** Each thing that happens is named, however many there are: "no changes" is said of a plan that does nothing. */
function wordsOf({ outputs, invocations, deferred, drift, refreshOnly, errored, ...p }: PlanParts): string {
  if (errored && noneOf(p.forgotten, p.imported, p.moved, outputs, invocations)) return 'planning failed';
  const does = [
    ...(outputs > 0 && !refreshOnly ? [`${plural(outputs, 'output')} to change`] : []),
    ...(invocations > 0 ? [`${plural(invocations, 'action')} to invoke`] : []),
  ];
  return [
    ...(does.length > 0 ? [...does, 'no resources'] : [deferred > 0 && !refreshOnly ? 'no changes yet' : 'no changes']),
    ...(refreshOnly ? [`${plural(drift, 'change')} outside of Terraform to record`] : []),
    ...(deferred > 0 ? [`${deferred} deferred`] : []),
    ...(errored ? ['then planning failed'] : []),
  ].join(', ');
}

function sentenceOf(parts: PlanParts): string {
  if (parts.errored) {
    const { forgotten, imported, moved, read, outputs, invocations, deferred } = parts;
    return noneOf(forgotten, imported, moved, read, outputs, invocations, deferred)
      ? 'Planning failed before there was anything to show.'
      : 'Planning failed. What was planned until then changes no resource.';
  }
  const { sentence, too } = RULES.find(({ when }) => when(parts)) ?? NOTHING;
  const said =
    parts.invocations === 0
      ? sentence(parts)
      : `Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan.${too ?? ''}`;
  return parts.deferred === 0 || (sentence === ONLY_DEFERRED && parts.invocations === 0) ? said : `${said} ${DEFERRED}`;
}

interface Rule {
  readonly when: (parts: PlanParts) => boolean;
  readonly sentence: (parts: PlanParts) => string;
  /** Behind the sentence about actions, where there are some as well. */
  readonly too?: string;
}

const DEFERRED = 'What is deferred needs another plan after this one is applied.';
const ONLY_DEFERRED = (): string => `Nothing changes in this run. ${DEFERRED}`;

// The first that fits.
const RULES: readonly Rule[] = [
  {
    when: ({ refreshOnly }) => refreshOnly,
    sentence: ({ outputs }) =>
      `This plan changes no infrastructure. Applying it records in the state what changed outside of Terraform${outputs > 0 ? ', and the new values of outputs' : ''}.`,
    too: ' It records in the state what changed outside of Terraform, too.',
  },
  {
    when: (p) => !noneOf(p.forgotten, p.imported, p.moved),
    sentence: () => 'No infrastructure changes. Applying this plan changes what Terraform keeps in its state.',
    too: ' It changes what Terraform keeps in its state, too.',
  },
  {
    when: ({ outputs }) => outputs > 0,
    sentence: () => 'Only outputs change. Applying this plan saves their new values in the state and changes no infrastructure.',
    too: ' It saves new values of outputs in the state, too.',
  },
  { when: ({ deferred }) => deferred > 0, sentence: ONLY_DEFERRED },
  { when: ({ read }) => read > 0, sentence: () => 'No infrastructure changes. Data sources are read when the plan is applied.' },
  {
    when: ({ partial }) => partial,
    sentence: () => 'No changes in what this run looked at. What was not targeted was not looked at.',
  },
  {
    when: ({ drift, otherDrift }) => drift + otherDrift > 0,
    sentence: ({ drift, otherDrift }) =>
      `No changes. The configuration already matches what changed outside of Terraform (${plural(drift + otherDrift, 'object')}).`,
  },
];

const NOTHING: Pick<Rule, 'sentence' | 'too'> = { sentence: () => 'No changes. The infrastructure matches the configuration.' };
