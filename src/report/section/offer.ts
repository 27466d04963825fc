// All that a section could hold, of a model or of a longer section. What is costly to make (diffs) stands as a function: fill.ts takes
// what there is room for. Types only.
import type { GroupName } from '../words.ts';
import type { FailedOffer } from './checks.ts';
import type { Phrase, Section, SectionPlan, SectionResource, WithBody } from './data.ts';

/** Without its diff; and with it, where there is one. */
export interface ItemOffer<T> {
  readonly line: () => T;
  readonly full: (() => T) | null;
}

export interface ResourceOffer extends ItemOffer<SectionResource> {
  readonly group: GroupName;
}

/** `more`: beyond those that are offered. */
export interface RowOffer<T> {
  readonly items: readonly ItemOffer<T>[];
  readonly more: number;
}

export interface PlanOffer extends Omit<SectionPlan, 'resources' | 'outputs' | 'invocations' | 'deferred' | 'drift'> {
  readonly resources: readonly ResourceOffer[];
  readonly outputs: RowOffer<string[]>;
  readonly invocations: RowOffer<WithBody>;
  readonly deferred: RowOffer<Phrase>;
  readonly drift: RowOffer<WithBody>;
}

export interface ChecksOffer extends Omit<Section['checks'], 'failed'> {
  readonly failed: { readonly items: readonly FailedOffer[]; readonly more: number };
}

export interface Offer extends Omit<Section, 'plan' | 'checks'> {
  readonly checks: ChecksOffer;
  readonly plan: PlanOffer | null;
}
