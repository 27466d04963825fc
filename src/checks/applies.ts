// A check's `when`: does this run concern it? Pure.
//
// Three answers, not two: a condition on something that nobody knows must not leave the check out, and so pass. The conditions that are
// always known come first, so that `stage` may keep a check away from runs in which the others cannot be told.
import type { When } from '../contracts/checks-file.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import { matchesAnyGlob } from '../documents/glob.ts';
import type { Plan, ResourceChange } from '../plan/model.ts';
import { destroysAll } from './destroys-all.ts';

export type Applicability =
  | { readonly kind: 'applies' }
  /** `reason`: which condition excluded it, as a sentence part. */
  | { readonly kind: 'excluded'; readonly reason: string }
  /** Nobody knows: the check errs. `reason` names the remedy. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Circumstances {
  readonly run: RunFacts;
  readonly plan: Plan | null;
  /** Why there is no plan; null when there is one, or when the stage has none. */
  readonly planProblem: string | null;
}

export function applicabilityOf(when: When | undefined, circumstances: Circumstances): Applicability {
  if (when === undefined) return APPLIES;
  return CONDITIONS.map((condition) => condition(when, circumstances)).find(({ kind }) => kind !== 'applies') ?? APPLIES;
}

const APPLIES: Applicability = { kind: 'applies' };
const excluded = (reason: string): Applicability => ({ kind: 'excluded', reason });
const unknown = (reason: string): Applicability => ({ kind: 'unknown', reason });

type Condition = (when: When, circumstances: Circumstances) => Applicability;

const CONDITIONS: readonly Condition[] = [
  ({ stage }, { run }) =>
    stage === undefined || stage.includes(run.stage) ? APPLIES : excluded(`stage is ${run.stage}, the check is for ${list(stage)}`),
  ({ organization }, { run }) => named('organization', organization, run.organization),
  // Without its name: whoever reads this reads it about a workspace, and what is said of many workspaces alike is told once for all of them.
  ({ workspace }, { run }) =>
    workspace === undefined || matchesAnyGlob(workspace, run.workspace)
      ? APPLIES
      : excluded(`the check is for ${workspace.length === 1 ? 'workspace' : 'workspaces'} ${list(workspace)}`),
  ({ speculative }, { run }) =>
    speculative === undefined || speculative === run.speculative ? APPLIES : excluded(isOrNot('speculative', run.speculative)),
  ({ project }, { run }) =>
    project === undefined || isKnown(run.project)
      ? named('project', project, run.project ?? '')
      : unknown(`\`when: project\` cannot be told: a run task does not carry the project. Give the action the input \`hcp-token\``),
  ({ destroy }, circumstances) => (destroy === undefined ? APPLIES : ofDestroy(destroy, circumstances)),
  ({ changes }, circumstances) => (changes === undefined ? APPLIES : ofChanges(changes, circumstances)),
];

const isKnown = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const named = (what: string, globs: readonly string[] | undefined, name: string): Applicability =>
  globs === undefined || matchesAnyGlob(globs, name) ? APPLIES : excluded(`${what} is ${name}, the check is for ${list(globs)}`);

function ofDestroy(wanted: boolean, circumstances: Circumstances): Applicability {
  const { run, plan } = circumstances;
  const destroy = run.destroy ?? (plan === null ? null : destroysAll(plan));
  const remedy = 'Give the action the input `hcp-token`, or leave the condition out';
  if (destroy === null) {
    const why = plan === null ? withoutPlan(circumstances) : 'the plan does not say whether everything was asked to go';
    return unknown(`\`when: destroy\` cannot be told: ${why}. ${remedy}`);
  }
  return destroy === wanted ? APPLIES : excluded(isOrNot('a destroy run', destroy));
}

function ofChanges(globs: readonly string[], circumstances: Circumstances): Applicability {
  const { plan } = circumstances;
  if (plan === null) return unknown(`\`when: changes\` cannot be told: ${withoutPlan(circumstances)}`);
  // What is deferred changes later. In doubt the check runs.
  const changing = [...plan.changes.filter(changesSomething), ...plan.deferred.map(({ change }) => change)];
  return changing.some((change) => typesOf(change).some((type) => matchesAnyGlob(globs, type)))
    ? APPLIES
    : excluded(`the plan changes no ${list(globs)}`);
}

const changesSomething = ({ action, previousAddress, importing }: ResourceChange): boolean =>
  (action !== 'no-op' && action !== 'read') || previousAddress !== null || importing !== null;

/** Of an object that moved from another type, both: `moved` blocks may change the type. */
function typesOf({ type, previousAddress }: ResourceChange): string[] {
  const before = previousAddress
    ?.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '')
    .split('.')
    .at(-2);
  return before === undefined ? [type] : [type, before];
}

function withoutPlan({ run, planProblem }: Circumstances): string {
  if (planProblem !== null) return `it needs the plan, and there is none: ${planProblem.replace(/\.$/, '')}`;
  return run.stage === 'pre_plan'
    ? 'in pre_plan there is no plan yet. Add `stage: [post_plan, pre_apply]` to it'
    : 'it needs the plan, and none was delivered';
}

const isOrNot = (what: string, is: boolean): string =>
  `the run is ${is ? '' : 'not '}${what}, the check is for runs that are${is ? ' not' : ''}`;
const list = (names: readonly string[]): string => names.join(', ');
