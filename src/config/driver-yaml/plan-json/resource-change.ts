// One planned object as a resource change of Terraform's plan JSON. No I/O.
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../contracts/json.ts';
import { unknownMask } from '../../engine/masks.ts';
import type { Change } from '../../engine/operations.ts';
import type { Schema } from '../../engine/schema.ts';
import { UNKNOWN, valueAt, type ValueMap } from '../../engine/values.ts';
import { typeOf } from '../deps.ts';
import type { PlannedItem } from '../plan.ts';
import { sensitiveMask, toJson, withoutSecrets } from './values.ts';

/** Where the provider of these resources is to be found; Terraform's own driver will be called the same. */
export const PROVIDER = 'registry.terraform.io/org/runtask';

const ACTIONS: Readonly<Record<Change['action'], readonly string[]>> = {
  'no-op': ['no-op'],
  'create': ['create'],
  'update': ['update'],
  'delete': ['delete'],
  'replace': ['delete', 'create'],
};

export type ResourceChangeDocument = Readonly<Record<string, Json>>;

/** @param declared  `type.name` of all blocks that the configuration declares: whether a key or a whole block is gone */
export function toResourceChange(item: PlannedItem, declared: ReadonlySet<string>): ResourceChangeDocument {
  const { address, name, index, change, importing, id } = item;
  const reason = reasonOf(item, declared);
  const after = withSent(item);
  return {
    address,
    mode: 'managed',
    type: typeOf(item.resource),
    name,
    ...(index === null ? {} : { index }),
    provider_name: PROVIDER,
    change: {
      actions: ACTIONS[change.action],
      before: valuesOf(item, change.prior),
      after: valuesOf(item, after),
      after_unknown: after === null ? {} : unknownMask(after),
      before_sensitive: change.prior === null ? false : sensitiveMask(item.resource.schema, change.prior),
      after_sensitive: after === null ? false : sensitiveMask(item.resource.schema, after),
      ...(change.replacePaths.length === 0 ? {} : { replace_paths: change.replacePaths }),
      ...(importing ? { importing: id === null ? {} : { id } } : {}),
    },
    ...(reason === null ? {} : { action_reason: reason }),
  };
}

type Named = Pick<PlannedItem, 'address' | 'name' | 'index' | 'resource'>;

/** As in `prior_state` and `planned_values`. */
export function toResourceValues(item: Named, state: ValueMap): Readonly<Record<string, Json>> {
  return {
    address: item.address,
    mode: 'managed',
    type: typeOf(item.resource),
    name: item.name,
    ...(item.index === null ? {} : { index: item.index }),
    provider_name: PROVIDER,
    schema_version: 0,
    values: valuesOf(item, state),
    sensitive_values: sensitiveMask(item.resource.schema, state),
  };
}

const valuesOf = ({ resource }: Pick<PlannedItem, 'resource'>, state: ValueMap | null): Json =>
  state === null ? null : toJson(withoutSecrets(resource.schema, state));

/**
 * The planned values, and as unknown the write-only ones that are sent: they are shown as `(sensitive value)`, and a check cannot take them
 * for absent. To a new object they all are; to one that is there, when the version beside them is another, and so at an import: that a key
 * set by hand is about to be replaced must be seen.
 */
function withSent({ change, item, resource }: PlannedItem): ValueMap | null {
  const { planned, prior, action } = change;
  if (planned === null || item === null || action === 'no-op') return planned;
  const schema: Schema = resource.schema;
  const isSent = (name: string): boolean =>
    action !== 'update' || prior === null || !isDeepStrictEqual(valueAt(prior, `${name}_version`), valueAt(planned, `${name}_version`));
  const sent = Object.keys(item.config).filter((name) => schema[name]?.writeOnly === true && item.config[name] !== null && isSent(name));
  return { ...planned, ...Object.fromEntries(sent.map((name) => [name, UNKNOWN])) };
}

/** Terraform's keywords. It gives none for a plan that destroys everything. */
function reasonOf({ change, deleteReason, index, name, resource }: PlannedItem, declared: ReadonlySet<string>): string | null {
  if (change.action === 'replace') return 'replace_because_cannot_update';
  if (deleteReason !== 'not-declared') return null;
  const isKeyGone = index !== null && declared.has(`${typeOf(resource)}.${name}`);
  return isKeyGone ? 'delete_because_each_key' : 'delete_because_no_resource_config';
}
