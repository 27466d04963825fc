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

interface Rule {
  readonly when: (parts: PlanParts) => boolean;
  readonly effect: (parts: PlanParts) => PlanEffect;
}

const noneOf = (...counts: readonly number[]): boolean => counts.every((count) => count === 0);

// The first that fits.
const RULES: readonly Rule[] = [
  {
    when: ({ errored, ...p }) => errored && noneOf(p.forgotten, p.imported, p.moved, p.read, p.outputs, p.invocations),
    effect: () => ({ words: 'planning failed', sentence: 'Planning failed before there was anything to show.' }),
  },
  {
    when: ({ refreshOnly }) => refreshOnly,
    effect: ({ drift, outputs }) => ({
      words: `no changes, ${plural(drift, 'change')} outside of Terraform to record`,
      sentence: `This plan changes no infrastructure. Applying it records in the state what changed outside of Terraform${outputs > 0 ? ', and the new values of outputs' : ''}.`,
    }),
  },
  {
    when: (p) => noneOf(p.forgotten, p.imported, p.moved, p.read, p.outputs, p.invocations) && p.deferred > 0,
    effect: ({ deferred }) => ({
      words: `no changes yet, ${deferred} deferred`,
      sentence: 'Nothing changes in this run. What is deferred needs another plan after this one is applied.',
    }),
  },
  {
    when: (p) => noneOf(p.forgotten, p.imported, p.moved, p.outputs, p.invocations) && p.read > 0,
    effect: () => ({ words: 'no changes', sentence: 'No infrastructure changes. Data sources are read when the plan is applied.' }),
  },
  {
    when: (p) => noneOf(p.forgotten, p.imported, p.moved, p.invocations) && p.outputs > 0,
    effect: ({ outputs }) => ({
      words: `${plural(outputs, 'output')} to change, no resources`,
      sentence: 'Only outputs change. Applying this plan saves their new values in the state and changes no infrastructure.',
    }),
  },
  {
    when: (p) => noneOf(p.forgotten, p.imported, p.moved, p.outputs) && p.invocations > 0,
    effect: ({ invocations }) => ({
      words: `${plural(invocations, 'action')} to invoke, no resources`,
      sentence: 'Terraform plans no change of a resource. Applying this plan invokes actions, and what these do stands in no plan.',
    }),
  },
  {
    when: (p) => !noneOf(p.forgotten, p.imported, p.moved),
    effect: () => ({
      words: '',
      sentence: 'No infrastructure changes. Applying this plan changes what Terraform keeps in its state.',
    }),
  },
  {
    when: ({ partial }) => partial,
    effect: () => ({ words: 'no changes', sentence: 'No changes in what this run looked at. What was not targeted was not looked at.' }),
  },
  {
    when: ({ drift, otherDrift }) => drift + otherDrift > 0,
    effect: ({ drift, otherDrift }) => ({
      words: 'no changes',
      sentence: `No changes. The configuration already matches what changed outside of Terraform (${plural(drift + otherDrift, 'object')}).`,
    }),
  },
];

const NOTHING: PlanEffect = { words: 'no changes', sentence: 'No changes. The infrastructure matches the configuration.' };

/** null: the plan changes resources, and these are what there is to tell. */
export function effectOf(parts: PlanParts): PlanEffect | null {
  if (parts.changed > 0) return null;
  return RULES.find(({ when }) => when(parts))?.effect(parts) ?? NOTHING;
}
