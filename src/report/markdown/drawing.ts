// All that a section has to say below its first lines, as blocks that there may be room for, and as paragraphs once that is chosen.
import type { Budget } from '../budget.ts';
import type { Told } from '../ladder.ts';
import type { Section } from '../section/data.ts';
import { drawChecks } from './checks.ts';
import { drawPlan } from './plan.ts';

export interface Drawing {
  readonly told: Told<string>;
  readonly paragraphs: () => string[];
  /** In words, each thing that was left out. */
  readonly missing: () => string[];
}

export function drawSection(section: Section, room: Budget, isAlone = false): Drawing {
  const checks = drawChecks(section, room);
  const plan = drawPlan(section.plan, room, isAlone);
  return {
    told: { room, ...checks.told, ...plan.told },
    paragraphs: () => [...checks.loud(), ...checks.folds(), ...plan.parts()],
    missing: plan.missing,
  };
}

/** Nothing changes, and there is nothing to say about it. */
export function isQuiet({ plan, checks, conditions, quiet, waivers, notices, state, verdict }: Section): boolean {
  if (plan === null || state.kind !== 'planned' || verdict === 'failed' || notices.length > 0) return false;
  const { tally, outputs, invocations, deferred, drift } = plan;
  return (
    isNone(checks.failed, checks.broken, conditions, waivers, outputs, invocations, deferred, drift) &&
    checks.counts.warnings + quiet.notes === 0 &&
    Object.values(tally).every((count) => count === 0)
  );
}

const isNone = (...lists: readonly { items: readonly unknown[]; more: number }[]): boolean =>
  lists.every(({ items, more }) => items.length + more === 0);
