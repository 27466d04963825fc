// A report of a tool that looked at nothing is no pass, unless there is nothing. Pure.
import type { Plan } from '../../plan/model.ts';
import type { Report } from './report.ts';

/** Will anything be there after the plan, so that a tool has something to look at? null: nobody knows, there is no plan. */
export type Remains = boolean | null;

export const remainsAfter = (plan: Plan | null): Remains =>
  plan === null ? null : plan.changes.some(({ action }) => action !== 'delete' && action !== 'forget');

/** The reason why the report says nothing, or null. */
export const lookedAtNothing = ({ looked, findings }: Report, remains: Remains): string | null =>
  looked === 0 && findings.length === 0 && remains !== false
    ? 'The report says that the tool looked at nothing: no test, no file, no resource. Check the paths and policies that it is given, or write with `when` on which runs it is asked'
    : null;
