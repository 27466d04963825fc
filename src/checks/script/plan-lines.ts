// How a plan travels to a script's process: lines of JSON, one for each change, so that neither side ever holds it as one text (V8 knows
// no text above 512 MiB) and the process needs no file of ours. Pure.
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Params } from '../../contracts/checks-file.ts';
import type { Json } from '../../contracts/json.ts';
import type { Plan, ResourceChange } from '../../plan/model.ts';

/** The first line. */
export interface Briefing {
  /** Comes back with the last message. */
  readonly token: string;
  /** Of the script, relative to `root`, with `/`. */
  readonly file: string;
  /** Where the private copy of the repository's part lies. */
  readonly root: string;
  readonly params: Params;
  readonly run: RunFacts;
  /** Addresses (globs) that the check is not asked of: findings about them are dropped before they are counted. */
  readonly except: readonly string[];
  readonly explain: boolean;
  /** Findings of a level and severity above this number are counted and not sent. */
  readonly maxFindings: number;
  /** Characters of each text; longer ones are withheld. */
  readonly maxText: number;
}

/** The second line: the plan without its long lists, and how many lines of each follow. */
interface PlanHead extends Omit<Plan, 'changes' | 'drift' | 'markedElsewhere' | 'variables'> {
  readonly changes: number;
  readonly drift: number;
  readonly variables: readonly (readonly [string, Json])[];
}

export function* toLines(briefing: Briefing, plan: Plan): Generator<string> {
  // Only the masker needs what is marked elsewhere.
  const { changes, drift, markedElsewhere: _, variables, ...rest } = plan;
  const head: PlanHead = { ...rest, changes: changes.length, drift: drift.length, variables: [...(variables ?? [])] };
  yield JSON.stringify(briefing);
  yield JSON.stringify(head);
  for (const change of changes) yield JSON.stringify(change);
  for (const change of drift) yield JSON.stringify(change);
}

export interface PlanReceiver {
  line(text: string): void;
  /** @throws when lines are missing: a plan without its end would pass */
  finish(): { readonly briefing: Briefing; readonly plan: Plan };
}

export function createPlanReceiver(): PlanReceiver {
  const changes: ResourceChange[] = [];
  let briefing: Briefing | null = null;
  let head: PlanHead | null = null;
  return {
    line(text) {
      if (briefing === null) briefing = JSON.parse(text) as Briefing;
      else if (head === null) head = JSON.parse(text) as PlanHead;
      else changes.push(JSON.parse(text) as ResourceChange);
    },
    finish() {
      if (briefing === null || head === null || changes.length !== head.changes + head.drift)
        throw new Error('The plan did not arrive as it was sent');
      const { changes: count, drift: _, variables, ...rest } = head;
      return { briefing, plan: { ...rest, variables: new Map(variables), drift: changes.splice(count), changes } };
    },
  };
}
