// The kind `limit`: how much may change, and of what the plan may be made. No I/O.
import type { LimitSpec } from '../../contracts/check-kinds.ts';
import type { Plan } from '../../plan/model.ts';
import { createFindings } from '../finding-limit.ts';
import type { CheckTask, Kind, KindOutcome } from '../kind.ts';
import { selectEither } from '../select/select.ts';
import { inSlices } from '../slices.ts';
import { createConfigured } from '../values/configured.ts';
import { withLead } from '../values/show.ts';
import { UNKNOWN_LEVEL } from '../values/unknown-level.ts';
import { findOverBudget } from './budgets.ts';
import type { Finder, Tell } from './finder.ts';
import { findModules, findOpenProviders } from './modules.ts';
import { findOtherProviders, findOtherTypes } from './only.ts';
import { findOtherRegions } from './regions.ts';

export const limit: Kind<LimitSpec> = {
  name: 'limit',
  needsPlan: () => true,
  open: ({ plan }) => ({
    run: async (task) => (plan === null ? { findings: [], reason: 'Needs the plan, and there is none' } : await judge(task, plan)),
    close: async () => {},
  }),
};

type Task = Pick<CheckTask<LimitSpec>, 'check' | 'spec' | 'isExcepted' | 'explain' | 'signal'>;

async function judge(task: Task, plan: Plan): Promise<KindOutcome> {
  const { check, spec, isExcepted, explain, signal } = task;
  const findings = createFindings();
  const unknownLevel = UNKNOWN_LEVEL[spec.unknown];
  const tell: Tell = {
    finding: (draft) => findings.add({ ...draft, message: withLead(check.message, draft.message) }),
    unknown: (draft) => {
      if (unknownLevel !== null) findings.add({ ...draft, message: withLead(check.message, draft.message), level: unknownLevel });
    },
    explain: (subject, saw) => explain?.(subject, saw),
  };
  const { finders, reason } = createFinders(task, plan);
  // A moved object counts by both of its addresses: moving it first is no way round a budget.
  const selects = selectEither(spec);
  await inSlices(plan.changes, signal, (change) => {
    if (!selects(change) || isExcepted(change.address)) return;
    for (const finder of finders) finder.ask?.(change, tell);
  });
  for (const finder of finders) finder.end?.(tell);
  return { findings: findings.all(), reason };
}

function createFinders({ spec, isExcepted }: Task, plan: Plan): { readonly finders: Finder[]; readonly reason: string | null } {
  const configuration = plan.configuration ?? null;
  const isWholePlan = spec.types === undefined && spec.addresses === undefined && spec.modules === undefined;
  const finders = [findOverBudget(spec, isWholePlan ? (plan.counts.invoke ?? 0) : 0)];
  if (spec.only_types !== undefined) finders.push(findOtherTypes(spec.only_types));
  if (spec.only_providers !== undefined) finders.push(findOtherProviders(spec.only_providers, plan, isWholePlan));
  if (spec.only_regions !== undefined) finders.push(findOtherRegions(spec.only_regions, plan, createConfigured(plan)));
  const asked = (['only_modules', 'pinned_modules', 'pinned_providers'] as const).filter((key) => spec[key] !== undefined);
  if (asked.length === 0) return { finders, reason: null };
  if (configuration === null)
    return { finders, reason: `This plan does not hold its configuration, which \`${asked.join('`, `')}\` needs` };
  if (spec.only_modules !== undefined || spec.pinned_modules === true) finders.push(findModules(spec, configuration, isExcepted));
  if (spec.pinned_providers === true) finders.push(findOpenProviders(configuration));
  return { finders, reason: null };
}
