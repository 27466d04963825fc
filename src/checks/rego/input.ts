// The document that policies see as `input`, in the shape of the product that they were written for, and what it holds. Pure.
//
// What a run task does not tell is left out and not made up. The schema says so to opa, so that a policy that reads it is an error: Rego
// alone would take it for undefined, and the rule would never deny anything.
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';

export type InputShape = RegoSpec['input'];

interface Shape {
  /** Key of the plan in `input`; null: the plan is `input`. */
  readonly planKey: string | null;
  /** What stands beside the plan. */
  facts(run: RunFacts, isDestroy: boolean | null): Facts;
}

/** A leaf is a value or null; what is not known has no key. */
export type Facts = { readonly [key: string]: Facts | string | boolean | null };

const SHAPES: Readonly<Record<InputShape, Shape>> = {
  plan: { planKey: null, facts: () => ({}) },
  // HashiCorp, "Define Open Policy Agent policies", schema of the run data; page of 2025-09.
  hcp: {
    planKey: 'plan',
    facts: (run, isDestroy) => ({
      run: {
        id: run.run_id,
        created_at: run.run_created_at,
        created_by: run.run_created_by,
        message: run.run_message,
        commit_sha: run.vcs.commit_hash,
        speculative: run.speculative,
        ...known('is_destroy', isDestroy),
        ...(isKnown(run.project) ? { project: { name: run.project } } : {}),
        organization: { name: run.organization },
        workspace: {
          id: run.workspace_id,
          name: run.workspace,
          working_directory: run.workspace_working_directory,
          vcs_repo: repositoryOf(run) === null ? null : { identifier: repositoryOf(run), branch: run.vcs.branch },
        },
      },
    }),
  },
  // Scalr, "Open Policy Agent", example of tfrun, and the policies in Scalr/sample-tf-opa-policies; read 2026-11.
  scalr: {
    planKey: 'tfplan',
    facts: (run, isDestroy) => ({
      tfrun: {
        message: run.run_message,
        is_dry: run.speculative,
        ...known('is_destroy', isDestroy),
        workspace: { name: run.workspace },
        created_by: { username: run.run_created_by },
        vcs:
          repositoryOf(run) === null
            ? null
            : { repository_id: repositoryOf(run), branch: run.vcs.branch, commit: { sha: run.vcs.commit_hash } },
      },
    }),
  },
  // Spacelift, "Plan policy", data input; read 2026-11. A tracked run is one that is applied.
  spacelift: {
    planKey: 'terraform',
    facts: (run) => ({
      spacelift: {
        run: { id: run.run_id, type: run.speculative ? 'PROPOSED' : 'TRACKED', triggered_by: run.run_created_by },
        stack: { name: run.workspace, repository: repositoryOf(run)?.split('/').at(-1) ?? null, branch: run.vcs.branch },
        commit: { hash: run.vcs.commit_hash, branch: run.vcs.branch },
      },
    }),
  },
};

const isKnown = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
const known = (key: string, value: boolean | null): Facts => (value === null ? {} : { [key]: value });

/** `acme/net` of `https://github.com/acme/net`; null: the workspace has no repository. */
function repositoryOf({ vcs }: RunFacts): string | null {
  if (vcs.repository_url === null || !URL.canParse(vcs.repository_url)) return null;
  const path = new URL(vcs.repository_url).pathname.replace(/^\/+|\/+$|\.git\/*$/g, '');
  return path === '' ? null : path;
}

export interface InputFrame {
  /** What is written around the plan. Both empty: the plan is the input. */
  readonly before: string;
  readonly after: string;
  readonly schema: ClosedSchema;
}

/** @param isDestroy  null: nobody knows */
export function frameOf(shape: InputShape, run: RunFacts, isDestroy: boolean | null): InputFrame {
  const { planKey, facts } = SHAPES[shape];
  const beside = facts(run, isDestroy);
  // Other shapes' plans are there as null: libraries that serve several products ask which one is set.
  const others = Object.values(SHAPES).flatMap(({ planKey: key }) => (key === null || key === planKey ? [] : [key]));
  const schema = closed({
    ...Object.fromEntries(others.map((key) => [key, { type: 'null' }])),
    ...(planKey === null ? PLAN.properties : { [planKey]: PLAN }),
    ...schemasOf(beside),
  });
  if (planKey === null) return { before: '', after: '', schema };
  const head = JSON.stringify(beside).slice(0, -1);
  return { before: `${head},${JSON.stringify(planKey)}:`, after: '}', schema };
}

/** JSON Schema of an object that has these keys and no others. */
export interface ClosedSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly additionalProperties: false;
}
const closed = (properties: Readonly<Record<string, object>>): ClosedSchema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

/** Does the input hold this, or may it? */
export function mayHold(schema: ClosedSchema, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (!Object.hasOwn(schema.properties, key)) return false;
  const inner = schema.properties[key];
  return inner === undefined || !isClosed(inner) || mayHold(inner, rest);
}

const isClosed = (schema: object): schema is ClosedSchema => 'properties' in schema;

// `{}`: anything. Null is there with a key, and a policy may ask what it wants of it.
const schemasOf = (facts: Facts): Record<string, object> =>
  Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, typeof value === 'object' && value !== null ? closed(schemasOf(value)) : {}]),
  );

/** Terraform, "JSON Output Format", and OpenTofu's: the keys of a plan on its top level (format 1.2; read 2026-11). */
const PLAN = closed(
  Object.fromEntries(
    [
      ...['format_version', 'terraform_version', 'variables', 'planned_values', 'resource_drift', 'resource_changes', 'deferred_changes'],
      ...['output_changes', 'prior_state', 'configuration', 'proposed_unknown', 'relevant_attributes', 'checks', 'timestamp', 'errored'],
      ...['applyable', 'complete', 'action_invocations', 'deferred_action_invocations'],
    ].map((key) => [key, {}]),
  ),
);
