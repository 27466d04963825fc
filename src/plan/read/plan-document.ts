// What is read where in a plan document: a table of its sections. The large ones are taken element by element, and of an element only
// what somebody needs is kept. No I/O.
import type { Diagnostic } from '../../base/diagnostics.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Json } from '../../contracts/json.ts';
import { changeSchema, deferredChangeSchema, planJsonSchema, resourceChangeSchema, type ChangeJson } from '../../contracts/plan-json.ts';
import { toConfiguration, toVariables } from '../configuration.ts';
import { isMap, ownValue } from '../json-tree.ts';
import type { Change, OutputChange, Plan, ResourceChange } from '../model.ts';
import { isShownState, recogniseJson } from '../recognise.ts';
import { toOutputFacts, toPlan, toResourceFacts, toValues } from '../to-plan.ts';
import { ChangeStore, type ChangePath, type StoreLimits } from './change-store.ts';
import { exactNumbersAt } from './exact-numbers.ts';
import { createSharing } from './sharing.ts';
import type { Facts } from './packed-change.ts';
import type { Part, Shape } from './json-splitter.ts';
import { MarkedElsewhere } from './marked-elsewhere.ts';
import { PackedTree, type Openings } from './packed-tree.ts';
import { isChange, isResourceChange } from './quick-check.ts';
import { problem, SchemaProblems } from './schema-problems.ts';
import { dropped, tableOf, UNKNOWN_LEVELS } from './shapes.ts';

export interface PlanDocument {
  readonly shape: Shape;
  /** Call once, when all of the document was read. */
  toPlan(): Result<Plan, Diagnostic[]>;
}

export function createPlanDocument(limits: StoreLimits): PlanDocument {
  /** What is no map. */
  let other: Json | undefined;
  /** The small parts; a large one is an empty list, and one that is not ours null. */
  const head = new Map<string, Json>();
  const store = new ChangeStore(limits);
  const marked = new MarkedElsewhere();
  const configuration = new PackedTree();
  const changes: ResourceChange[] = [];
  const drift: ResourceChange[] = [];
  const deferred: ResourceChange[] = [];
  const reasons: string[] = [];
  const outputs: OutputChange[] = [];
  const problems = {
    head: new SchemaProblems(),
    deferred: new SchemaProblems(),
    changes: new SchemaProblems(),
    drift: new SchemaProblems(),
    outputs: new SchemaProblems(),
  };

  const share = createSharing();
  const keep = <C extends Change>(list: C[], facts: Facts<C>, json: ChangeJson, part: Part, path: ChangePath): void => {
    const exactNumbers = part.hasLongNumbers ? exactNumbersAt(part.text, path) : undefined;
    store.keep(list, facts, exactNumbers === undefined ? toValues(json) : { ...toValues(json), exactNumbers }, part, path);
  };

  const whole = (key: string): Shape => ({ whole: ({ value }) => void head.set(key, value) });
  const each = (key: string, take: (part: Part, path: string) => void): Shape => ({
    ...whole(key),
    list: () => {
      head.set(key, []);
      return (index) => ({ whole: (part) => take(part, `${key}[${index}]`) });
    },
  });
  const resources = (key: string, list: ResourceChange[], found: SchemaProblems): Shape =>
    each(key, (part, path) => {
      const json = found.check(resourceChangeSchema, part.value, path, isResourceChange);
      if (json !== null) keep(list, toResourceFacts(json, share), json.change, part, ['change']);
    });
  const collected = (key: string): Shape => {
    const items: Json[] = [];
    return {
      ...whole(key),
      list: () => {
        head.set(key, items);
        return () => ({ whole: ({ value }) => void items.push(value) });
      },
    };
  };

  const sections = new Map<string, Shape>([
    ...SMALL.map((key) => [key, whole(key)] as const),
    ...['relevant_attributes', 'checks', 'action_invocations', 'deferred_action_invocations'].map((key) => [key, collected(key)] as const),
    ['resource_changes', resources('resource_changes', changes, problems.changes)],
    ['resource_drift', resources('resource_drift', drift, problems.drift)],
    [
      'deferred_changes',
      each('deferred_changes', (part, path) => {
        const json = problems.deferred.check(deferredChangeSchema, part.value, path);
        if (json === null) return;
        reasons.push(json.reason ?? '');
        keep(deferred, toResourceFacts(json.resource_change, share), json.resource_change.change, part, ['resource_change', 'change']);
      }),
    ],
    [
      'output_changes',
      {
        ...whole('output_changes'),
        // Not as a zod record, which drops a key named __proto__: an output may be called so, and its secret must be known.
        map: () => (name) => ({
          whole: (part) => {
            const json = problems.outputs.check(changeSchema, part.value, `output_changes.${name}`, isChange);
            if (json !== null) keep(outputs, toOutputFacts(name, json, share), json, part, []);
          },
        }),
      },
    ],
    ['planned_values', marked.valuesShape()],
    ['prior_state', tableOf({ values: marked.valuesShape() })],
    ['configuration', configuration.shape(CONFIGURATION)],
  ]);
  const unknown = dropped(UNKNOWN_LEVELS);

  return {
    shape: {
      whole: ({ value }) => void (other = value),
      map: () => (key) => {
        head.set(key, null);
        return sections.get(key) ?? unknown;
      },
    },

    toPlan() {
      const document: Json = other === undefined ? Object.fromEntries(head) : other;
      const refused = whyNoPlan(document);
      if (refused !== null) return err([refused]);
      const checked = problems.head.check(planJsonSchema, document, '');
      const notOpened = head.get('output_changes') ?? null;
      if (notOpened !== null) problems.outputs.add('Invalid input: expected a map', 'output_changes');
      const told = SchemaProblems.told([problems.head, problems.deferred, problems.changes, problems.drift, problems.outputs]);
      if (checked === null || told.length > 0) return err(told);

      marked.addVariables(head.get('variables'), configuration.toJson('root_module', 'variables'));
      return ok(
        toPlan({
          head: checked,
          changes,
          drift,
          // The last of two that are called the same, as JSON.parse has it.
          outputs: [...new Map(outputs.map((output) => [output.name, output])).values()],
          deferred: deferred.map((change, i) => ({ reason: reasons[i] ?? '', change })),
          markedElsewhere: marked.values(),
          configuration: () => toConfiguration(configuration.toJson()),
          variables: toVariables(head.get('variables')),
        }),
      );
    },
  };
}

const SMALL = [
  'format_version',
  'plan_format_version',
  'terraform_version',
  'variables',
  'errored',
  'complete',
  'applyable',
  'timestamp',
] as const satisfies readonly (keyof typeof planJsonSchema.shape | 'variables')[];

const CALLED: Openings = { map: (key) => (key === 'module' ? MODULE : {}) };
const MODULE: Openings = { map: (key) => (key === 'resources' ? { list: {} } : key === 'module_calls' ? { map: () => CALLED } : {}) };
/** As large as the code, which may be written by a program. */
const CONFIGURATION: Openings = { map: (key) => (key === 'root_module' ? MODULE : {}) };

function whyNoPlan(document: Json): Diagnostic | null {
  const version = formatVersion(document);
  if (version === null) {
    const { summary, detail } = recogniseJson(document);
    return problem(summary, detail);
  }
  if (isShownState(document)) {
    return problem(
      'This is a state (`terraform show -json` without a plan file), not a plan',
      'Name the plan file: `terraform show -json PLANFILE`.',
    );
  }
  // 0.1 and 0.2 are Terraform 0.12 to 1.0; every 1.x only adds to 1.0, as HashiCorp promises.
  if (/^[01]\.\d+/.test(version)) return null;
  const detail = 'Formats 0.x and 1.x are read. A newer version of this action may read it.';
  return problem('Unsupported format version of the plan', detail, 'format_version');
}

/** HCP Terraform's redacted plans call it `plan_format_version`. */
function formatVersion(document: Json): string | null {
  if (!isMap(document)) return null;
  const version = ownValue(document, 'format_version') ?? ownValue(document, 'plan_format_version');
  return typeof version === 'string' ? version : null;
}
