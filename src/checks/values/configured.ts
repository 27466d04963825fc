// What the configuration says about a resource, for values that are known only after apply. Terraform writes the same "unknown" for an
// attribute that is set to another resource's value and for one that nobody set and the provider computes. Pure.
import type { Json } from '../../contracts/json.ts';
import { isList, isMap, ownValue } from '../../plan/json-tree.ts';
import type { ConfiguredResource, ModuleCall, Plan, ProviderConfiguration, ResourceChange, ValuePath } from '../../plan/model.ts';
import { withoutKeys } from '../select/addresses.ts';

export interface Configured {
  /** Is this place given a value that is there in the end? In doubt no: then whoever asks is told that nobody can know yet. */
  isSet(change: ResourceChange, at: ValuePath): boolean;
  /**
   * Is the attribute or block written at all? null: the plan does not say. A `dynamic` block is not in the plan's configuration
   * (Terraform leaves it out), so "no" may be one whose items are not known yet.
   */
  isWritten(change: ResourceChange, attribute: string): boolean | null;
  providerOf(change: ResourceChange): ProviderConfiguration | null;
}

export function createConfigured({ configuration }: Plan): Configured {
  const resources = later(() => new Map((configuration?.resources ?? []).map((resource) => [resource.address, resource])));
  const providers = later(() => new Map((configuration?.providers ?? []).map((provider) => [provider.key, provider])));
  const calls = later(() => new Map((configuration?.modules ?? []).map((call) => [call.address, call])));
  const find = (change: ResourceChange): ConfiguredResource | null => resources().get(withoutKeys(change.address)) ?? null;

  return {
    isSet(change, at) {
      const resource = find(change);
      return resource !== null && sets(resource.expressions, at, null, (reference) => mayBeUnknown(reference, resource.module, calls(), 0));
    },
    isWritten(change, attribute) {
      const resource = find(change);
      return resource === null ? null : isMap(resource.expressions) && Object.hasOwn(resource.expressions, attribute);
    },
    providerOf(change) {
      const key = find(change)?.provider ?? null;
      return key === null ? null : (providers().get(key) ?? null);
    },
  };
}

function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Attributes whose keys only the configuration can bring. Elsewhere what stands below an expression may as well be the provider's. */
const MAPS_OF_TEXT = new Set(['tags', 'tags_all', 'labels']);

type AskReference = (reference: string) => boolean;

function sets(written: Json, [first, ...rest]: ValuePath, within: string | null, mayBring: AskReference): boolean {
  if (isExpression(written)) {
    const constant = ownValue(written, 'constant_value');
    if (constant !== undefined) return isThere(constant, first === undefined ? [] : [first, ...rest]);
    if (first !== undefined && !(rest.length === 0 && within !== null && MAPS_OF_TEXT.has(within))) return false;
    const references = ownValue(written, 'references');
    // Neither constant nor references: a function without arguments, such as timestamp().
    if (!isList(references) || references.length === 0) return true;
    return references.some((reference) => typeof reference === 'string' && mayBring(reference));
  }
  if (first === undefined) return isList(written) ? written.length > 0 : isMap(written);
  // Blocks of a set stand in the plan in another order than in the configuration.
  if (isList(written))
    return typeof first === 'number' && written.length > 0 && written.every((block) => sets(block, rest, within, mayBring));
  const inner = isMap(written) ? ownValue(written, String(first)) : undefined;
  return inner !== undefined && sets(inner, rest, String(first), mayBring);
}

function isThere(constant: Json, at: ValuePath): boolean {
  let value: Json = constant;
  for (const part of at) {
    const inner: Json | undefined =
      typeof part === 'number' ? (isList(value) ? value[part] : undefined) : isMap(value) ? ownValue(value, part) : undefined;
    if (inner === undefined) return false;
    value = inner;
  }
  return value !== null && value !== '';
}

/** `{ constant_value }`, `{ references }`, or `{}` for what has neither; everything else is a block. */
function isExpression(value: Json): value is { readonly [key: string]: Json } {
  if (!isMap(value)) return false;
  return Object.keys(value).length === 0 || Object.hasOwn(value, 'constant_value') || isList(ownValue(value, 'references'));
}

// Deeper nests of modules have not been seen. What lies below is in doubt, and so not set.
const MAX_DEPTH = 64;

/**
 * May what is referred to be known only after apply? If not, an attribute that is unknown although its expression is known was set to
 * null (`kms_key_id = var.key`), and the provider fills it in.
 */
function mayBeUnknown(reference: string, module: string, calls: ReadonlyMap<string, ModuleCall>, depth: number): boolean {
  const [root = '', name = ''] = reference.replace(/\[.*$/s, '').split('.');
  if (['path', 'terraform', 'count'].includes(root)) return false;
  if (root !== 'var') return true;
  if (module === '' || depth > MAX_DEPTH) return false;
  const call = calls.get(module);
  if (call === undefined) return true;
  const given = isMap(call.expressions) ? ownValue(call.expressions, name) : undefined;
  if (given === undefined || !isMap(given)) return false;
  const references = ownValue(given, 'references');
  return isList(references) && references.some((one) => typeof one === 'string' && mayBeUnknown(one, call.module, calls, depth + 1));
}
