// A plan that does not show all that would happen: nothing that is said of it counts as a pass. Pure.
import type { Plan } from './model.ts';

/**
 * Not `complete: false`: what is targeted or deferred is left to another run, which has a run task of its own.
 * @see HashiCorp, "JSON Output Format": `errored` says that planning failed, and the plan is a partial one (read 2026-11-22)
 * @returns a sentence for the verdict; null: the plan was made to its end
 */
export const whyIncomplete = (plan: Plan | null): string | null =>
  plan?.errored === true
    ? 'Terraform met an error while it planned, so the plan does not show all that would happen, and no pass can rest on it. Repair that error and start the run again.'
    : null;
