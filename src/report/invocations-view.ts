// The actions that Terraform invokes (1.14 and up) for people: which, when, and which are left to a later run. No markup here.
import type { ActionInvocation } from '../plan/model.ts';
import { deferredWords, eventWords } from './reason-words.ts';

export interface InvocationItem {
  readonly address: string;
  /** Its resource; null: invoked from the command line, or not said. */
  readonly trigger: string | null;
  /** In words, seen from its resource: `after it is created`; null where there is none. */
  readonly event: string | null;
  /** Why it is left to a later run, in words; null: it is not. */
  readonly deferred: string | null;
  /** `config` in it is for the diff. */
  readonly invocation: ActionInvocation;
}

export interface InvocationsView {
  /** In plan order, which is that of invoking them. */
  readonly now: readonly InvocationItem[];
  readonly deferred: readonly InvocationItem[];
}

export const NO_INVOCATIONS: InvocationsView = { now: [], deferred: [] };

export function toInvocationsView(invocations: readonly ActionInvocation[]): InvocationsView {
  const items = invocations.map((invocation): InvocationItem => ({
    address: invocation.address === '' ? `action.${invocation.type}.${invocation.name}` : invocation.address,
    trigger: invocation.trigger?.address ?? null,
    event: eventWords(invocation),
    deferred: invocation.deferred === null ? null : deferredWords(invocation.deferred),
    invocation,
  }));
  return { now: items.filter(({ deferred }) => deferred === null), deferred: items.filter(({ deferred }) => deferred !== null) };
}
