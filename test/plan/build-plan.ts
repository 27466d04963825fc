// Plans for tests, said in as few words as they need.
import type { Json } from '../../src/contracts/json.ts';
import { countChanges } from '../../src/plan/counts.ts';
import type { Change, OutputChange, Plan, ResourceChange } from '../../src/plan/model.ts';
import { toAction } from '../../src/plan/to-plan.ts';

export function buildChange(change: Partial<Change> = {}): Change {
  const actions = change.actions ?? ['update'];
  return { before: null, after: null, unknown: {}, beforeSensitive: {}, afterSensitive: {}, ...change, actions, action: toAction(actions) };
}

export function buildResource(change: Partial<ResourceChange> = {}): ResourceChange {
  return {
    address: 'terraform_data.a',
    previousAddress: null,
    module: '',
    mode: 'managed',
    type: 'terraform_data',
    name: 'a',
    index: null,
    deposed: null,
    provider: 'terraform.io/builtin/terraform',
    reason: null,
    replaceOrder: null,
    replacePaths: [],
    importing: null,
    ...change,
    ...buildChange(change),
  };
}

export const buildOutput = (name: string, change: Partial<Change>): OutputChange => ({ name, ...buildChange(change) });

export function buildPlan(changes: readonly ResourceChange[] = [], rest: Partial<Plan> = {}): Plan {
  return {
    formatVersion: '1.2',
    terraformVersion: '1.11.4',
    changes,
    drift: [],
    outputs: [],
    deferred: [],
    counts: countChanges(changes),
    errored: false,
    complete: true,
    applyable: true,
    ...rest,
  };
}

/** A plan with one secret, marked at `secret` of its only change; `rest` stands beside it without a mark. */
export function planWithSecret(secret: Json, rest: { readonly [key: string]: Json } = {}): Plan {
  return buildPlan([
    buildResource({
      before: { secret, ...rest },
      after: { secret, ...rest },
      beforeSensitive: { secret: true },
      afterSensitive: { secret: true },
    }),
  ]);
}

export async function* chunksOf(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The smallest plan document, with more of it as told. */
export const planDocument = (more: { readonly [key: string]: unknown } = {}): string => JSON.stringify({ format_version: '1.2', ...more });
