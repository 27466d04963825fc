// A saved plan: what was shown and agreed to. An apply of it makes the plan anew and goes on only when it is the same, so that nothing in
// the file is trusted to act on, and no secret needs to be in it: sensitive values are left out, write-only ones never were in a plan, and
// what stands for those is their version.
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { hasErrors, type Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown, Fault } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { sensitiveMask, toJson, unknownMask, type Json } from '../engine/masks.ts';
import type { Schema } from '../engine/schema.ts';
import type { ValueMap } from '../engine/values.ts';
import { typeOf } from './deps.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type { ConfigPlan, PlannedItem } from './plan.ts';
import { readPlainFile } from './record/read-plain-file.ts';
import { codeOf, replaceFile } from './record/replace-file.ts';

const FORMAT = 1;

const itemSchema = z.strictObject({
  address: z.string(),
  type: z.string(),
  id: z.nullable(z.string()),
  action: z.string(),
  importing: z.boolean(),
  /** Without what is sensitive. */
  before: z.json(),
  after: z.json(),
  after_unknown: z.json(),
  replace_paths: z.json(),
  depends_on: z.array(z.string()),
});

const planFileSchema = z.strictObject({
  runtask_plan: z.literal(FORMAT),
  tool_version: z.string(),
  config_file: z.string(),
  hcp: z.string(),
  github: z.nullable(z.string()),
  destroy: z.boolean(),
  items: z.array(itemSchema),
  forgotten: z.array(z.strictObject({ type: z.string(), id: z.string() })),
});

type SavedItem = z.infer<typeof itemSchema>;
/** As it stands in the file. */
export type SavedPlan = z.infer<typeof planFileSchema>;

export interface PlanFacts {
  readonly destroy: boolean;
  /** Ours: another version may plan otherwise. */
  readonly version: string;
}

/** @throws Error for a plan with errors, which nobody can apply */
export function toSavedPlan(plan: ConfigPlan, loaded: LoadedConfig, { destroy, version }: PlanFacts): SavedPlan {
  if (hasErrors(plan.diagnostics)) throw new Error('A plan with errors is not saved');
  return {
    runtask_plan: FORMAT,
    tool_version: version,
    config_file: loaded.file,
    hcp: loaded.settings.hcp.url,
    github: loaded.settings.github?.apiUrl ?? null,
    destroy,
    items: plan.items.map(toSavedItem),
    forgotten: plan.forgotten.map(({ type, id }) => ({ type, id })),
  };
}

/** @throws Fault E_PLAN_FILE */
export async function writePlanFile(file: string, plan: ConfigPlan, loaded: LoadedConfig, facts: PlanFacts): Promise<void> {
  const saved = toSavedPlan(plan, loaded, facts);
  try {
    // 0600: no secrets, but what is about to happen to a gate is nobody else's business.
    await replaceFile(file, `${JSON.stringify(saved, null, 2)}\n`, 0o600);
  } catch (thrown) {
    throw new Fault('E_PLAN_FILE', `The plan ${file} could not be written: ${describeThrown(thrown)}`, { retryable: false, cause: thrown });
  }
}

export async function readSavedPlan(file: string): Promise<Result<SavedPlan, Diagnostic>> {
  const refuse = (summary: string, detail: string): Result<never, Diagnostic> =>
    err({ severity: 'error', summary, detail, path: '', file });
  let data: unknown;
  try {
    data = JSON.parse(await readPlainFile(file));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return refuse('This is no saved plan', 'Save one with: runtask config plan --out FILE');
    if (codeOf(thrown) === 'ENOENT') return refuse('There is no such file', 'Save a plan with: runtask config plan --out FILE');
    return refuse('The saved plan cannot be read', `${describeThrown(thrown)}.`);
  }
  const parsed = planFileSchema.safeParse(data);
  return parsed.success ? ok(parsed.data) : refuse('This is no saved plan', 'Save one with: runtask config plan --out FILE');
}

/**
 * Compares what was agreed to with the plan of now: before an apply of a plan file, and before an apply of a plan that somebody has thought
 * about for longer than PLAN_KEEPS_MS.
 * @returns what differs, as errors; none: it may be applied
 */
export function checkPlanFile(saved: SavedPlan, plan: ConfigPlan, loaded: LoadedConfig, version: string): Diagnostic[] {
  return comparePlans(saved, toSavedPlan(plan, loaded, { destroy: saved.destroy, version })).map(({ address, what }) => ({
    severity: 'error',
    summary: `The plan does not fit any more${address === '' ? '' : `: ${address}`}`,
    detail: `${what.slice(0, 1).toUpperCase()}${what.slice(1)}. Plan again, and look at what is new.`,
    path: '',
    file: loaded.file,
  }));
}

interface Difference {
  /** Empty: of the plan as a whole. */
  readonly address: string;
  /** In words, without values. */
  readonly what: string;
}

/** @returns in what the plan of now differs from the saved one; empty: it may be applied */
function comparePlans(saved: SavedPlan, fresh: SavedPlan): readonly Difference[] {
  const whole = (what: string): Difference => ({ address: '', what });
  if (saved.tool_version !== fresh.tool_version) {
    return [whole(`it was made by runtask ${saved.tool_version}, this is ${fresh.tool_version}`)];
  }
  const hosts = [saved.hcp === fresh.hcp, saved.github === fresh.github];
  if (hosts.includes(false)) return [whole(`it was made for ${hosts[0] ? saved.github : saved.hcp}`)];

  const before = new Map(saved.items.map((item) => [item.address, item]));
  const after = new Map(fresh.items.map((item) => [item.address, item]));
  const differences = [...after.values()].flatMap((item) => compareItems(before.get(item.address), item));
  for (const { address, action } of before.values()) {
    if (!after.has(address))
      differences.push({ address, what: `it was ${PLANNED[action] ?? action}, and is not part of the plan any more` });
  }
  if (differences.length === 0 && !isDeepStrictEqual(saved, { ...fresh, config_file: saved.config_file })) {
    return [whole('what is to be taken out of the record, or the order of the work')];
  }
  return differences;
}

const PLANNED: Readonly<Record<string, string>> = {
  'create': 'to be created',
  'update': 'to be updated',
  'replace': 'to be replaced',
  'delete': 'to be deleted',
  'no-op': 'to be left as it is',
};

function compareItems(saved: SavedItem | undefined, fresh: SavedItem): Difference[] {
  const { address } = fresh;
  const is = PLANNED[fresh.action] ?? fresh.action;
  if (saved === undefined) return [{ address, what: `it is ${is}, and was not part of the plan` }];
  if (saved.action !== fresh.action) return [{ address, what: `it is ${is}, and was ${PLANNED[saved.action] ?? saved.action}` }];
  if (saved.importing !== fresh.importing) return [{ address, what: fresh.importing ? 'it would be imported' : 'it is ours already' }];
  const changed = (name: 'before' | 'after' | 'after_unknown'): string[] => {
    const [a, b] = [saved[name], fresh[name]].map((value) => (isObject(value) ? value : {})) as [JsonMap, JsonMap];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]));
  };
  const world = changed('before');
  if (world.length > 0) return [{ address, what: `it was changed meanwhile: ${world.join(', ')}` }];
  const wanted = [...new Set([...changed('after'), ...changed('after_unknown')])];
  if (wanted.length > 0) return [{ address, what: `the configuration wants something else: ${wanted.join(', ')}` }];
  return isDeepStrictEqual(saved, fresh) ? [] : [{ address, what: 'it is planned otherwise' }];
}

type JsonMap = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

function toSavedItem({ address, resource, id, change, importing, dependsOn }: PlannedItem): SavedItem {
  const schema = resource.schema as Schema;
  // As JSON.parse gives it: a plan from the disk and one of now are compared as they are.
  const asJson = (value: Json): SavedItem['before'] => JSON.parse(JSON.stringify(value)) as SavedItem['before'];
  return {
    ...{ address, type: typeOf(resource), id, action: change.action, importing },
    before: asJson(visible(schema, change.prior)),
    after: asJson(visible(schema, change.planned)),
    after_unknown: asJson(change.planned === null ? false : unknownMask(change.planned)),
    replace_paths: asJson(change.replacePaths.map((path) => [...path])),
    depends_on: [...dependsOn].sort(),
  };
}

/** Without what is sensitive: that it is there is told, what it is is not. */
function visible(schema: Schema, value: ValueMap | null): Json {
  return value === null ? null : hide(toJson(value), sensitiveMask(schema, value));
}

function hide(value: Json, mask: Json): Json {
  if (mask === true) return value === null ? null : '(sensitive value)';
  if (Array.isArray(value) && Array.isArray(mask))
    return (value as Json[]).map((item, place) => hide(item, (mask as Json[])[place] ?? false));
  if (!isObject(value) || !isObject(mask)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hide(inner as Json, (mask[name] ?? false) as Json)]));
}
