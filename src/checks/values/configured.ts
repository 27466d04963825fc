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
      return (
        resource !== null &&
        sets(resource.expressions, at, null, (references, isTag) =>
          mayBring(references, resource.module, { calls: calls(), isTag, asked: new Set() }),
        )
      );
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

/** @param isTag  what is unknown is the value of a tag, whose name somebody wrote */
type AskReferences = (references: readonly Json[], isTag: boolean) => boolean;

function sets(written: Json, [first, ...rest]: ValuePath, within: string | null, mayBring: AskReferences): boolean {
  if (isExpression(written)) {
    const constant = ownValue(written, 'constant_value');
    if (constant !== undefined) return isThere(constant, first === undefined ? [] : [first, ...rest]);
    if (first !== undefined && !(rest.length === 0 && within !== null && MAPS_OF_TEXT.has(within))) return false;
    const references = ownValue(written, 'references');
    const isTag = first !== undefined;
    // Neither constant nor references: a function. timestamp() brings something, and tostring(null) nothing.
    return isList(references) && references.length > 0 ? mayBring(references, isTag) : isTag;
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

interface Asking {
  readonly calls: ReadonlyMap<string, ModuleCall>;
  readonly isTag: boolean;
  /** Each is asked once: two variables that each module gives to the next, twice each, are more ways than there is time for. */
  readonly asked: Set<string>;
}

/**
 * May what is referred to be known only after apply? If not, an attribute that is unknown although its expression is known was set to
 * null (`kms_key_id = var.key`), and the provider fills it in.
 *
 * In doubt not: what a local value or an item of for_each is made of is not in the plan, and `locals { key = null }` is written in a pull
 * request as quickly as `key = null`. Only a tag is believed: its name is there.
 */
function mayBring(references: readonly Json[], module: string, asking: Asking): boolean {
  const { calls, isTag, asked } = asking;
  return references.some((reference, i) => {
    const before = references[i - 1];
    if (typeof reference !== 'string') return false;
    // Terraform writes `module.m.key` and then `module.m`, which says no more.
    if (typeof before === 'string' && before.startsWith(reference) && /^[.[]/.test(before.slice(reference.length))) return false;
    const key = `${module} ${reference}`;
    if (asked.has(key)) return false;
    asked.add(key);
    const [root = '', name = '', output] = withoutKeys(reference).split('.');
    if (['path', 'terraform', 'count'].includes(root)) return false;
    if (['local', 'each', 'self'].includes(root)) return isTag;
    if (root !== 'var' && root !== 'module') return true;
    if (root === 'var' && module === '') return false;
    const called = root === 'var' ? module : [...(module === '' ? [] : [module]), 'module', name].join('.');
    const call = calls.get(called);
    if (call === undefined) return isTag;
    // The value of a variable is written where the module is called, that of an output inside of it.
    const written = root === 'var' ? [ownIn(call.expressions, name)] : outputsOf(call, output);
    const where = root === 'var' ? call.module : called;
    return written.some((expression) => {
      const inner = ownIn(expression, 'references');
      return isList(inner) && mayBring(inner, where, asking);
    });
  });
}

/** @param name  undefined: which one is not said (`module.m[each.key].id`) */
function outputsOf({ outputs }: ModuleCall, name: string | undefined): (Json | undefined)[] {
  if (name !== undefined) return [ownIn(ownIn(outputs, name), 'expression')];
  return isMap(outputs) ? Object.keys(outputs).map((key) => ownIn(ownIn(outputs, key), 'expression')) : [];
}

const ownIn = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
