// What each kind of check is written with: one schema for each. The texts of `describe` are the reference page and what editors show.
//
// Strict: a key that we do not know is an error, because a gate that ignores a misspelled key passes by mistake.
import * as z from 'zod';
import { CHANGE_ACTIONS, globList, insidePath, insidePaths, unknownPolicy } from './check-words.ts';

/** Nothing of these types, addresses or modules may be deleted or replaced. At least one of the three. */
export const protectSchema = z
  .strictObject({
    types: globList.optional().describe('Resource types (globs) that are protected.'),
    addresses: globList.optional().describe('Addresses (globs) that are protected; one without an instance key covers all instances.'),
    modules: globList.optional().describe('Modules (globs) in which everything is protected, nested modules included.'),
    // Forgetting leaves the object but ends its management: refused on request only.
    actions: z
      .array(z.enum(['delete', 'replace', 'forget']))
      .min(1)
      .default(['delete', 'replace'])
      .describe('Which actions are refused.'),
    except: globList.optional().describe('Addresses (globs) that are not protected.'),
  })
  .refine((p) => p.types !== undefined || p.addresses !== undefined || p.modules !== undefined, {
    message: 'Name what is protected: `types`, `addresses` or `modules`',
  });

const selection = {
  types: globList.optional().describe('Resource types (globs) that the rule is about. Default: all.'),
  addresses: globList.optional().describe('Addresses (globs) that the rule is about. Default: all.'),
  modules: globList.optional().describe('Modules (globs) that the rule is about, nested modules included. Default: all.'),
};
const actions = z
  .array(z.enum(CHANGE_ACTIONS))
  .min(1)
  .default(['create', 'update', 'replace'])
  .describe(
    'Changes that the rule is asked of. What is imported counts as created. What is deleted or forgotten is judged by its values before.',
  );

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a value must be. Of several keys all must hold. */
export const conditionSchema = z
  .strictObject({
    present: z.boolean().optional().describe('true: set and not empty. false: not set, null or empty.'),
    is: scalar.optional().describe('Equal to this.'),
    is_not: scalar.optional().describe('Not equal to this.'),
    in: z.array(scalar).min(1).optional().describe('One of these.'),
    not_in: z.array(scalar).min(1).optional().describe('None of these.'),
    glob: z.union([z.string(), globList]).optional().describe('Text that one of these globs matches.'),
    matches: z.string().min(1).optional().describe('Text in which this regular expression (RE2) is found.'),
    not_matches: z.string().min(1).optional().describe('Text in which this regular expression (RE2) is not found.'),
    at_least: z.number().optional().describe('A number of at least this.'),
    at_most: z.number().optional().describe('A number of at most this.'),
    contains: scalar.optional().describe('A list with this item; a map with this key; a text with this part.'),
    not_contains: scalar.optional().describe('The opposite of `contains`.'),
    within: globList.optional().describe('A network or address that lies within one of these ranges (CIDR).'),
    size_at_least: z.number().int().optional().describe('A list, map or text with at least so many items or characters.'),
    size_at_most: z.number().int().optional().describe('A list, map or text with at most so many items or characters.'),
  })
  .refine((condition) => Object.keys(condition).length > 0, 'Write what must hold, such as `present: true`');

/** `true`, `"private"` (equal), `[a, b]` (one of), or a condition. */
export const expectationSchema = z.union([scalar, z.array(scalar).min(1), conditionSchema]);

const attributePath = z
  .string()
  .regex(
    /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\["[^"]+"\]|\[\d+\]|\[\*\])*$/,
    'A path such as `storage_encrypted`, `versioning[0].enabled`, `ingress[*].cidr_blocks` or `tags["a:b"]`',
  );

/** Tags and attributes that must be there, or be of a value; shapes that must not be there. */
export const requireSchema = z
  .strictObject({
    ...selection,
    actions,
    tags: z
      .union([z.array(z.string().min(1)).min(1), z.record(z.string().min(1), expectationSchema)])
      .optional()
      .describe('Tags (labels at Google and Kubernetes) that must be there: a list of names, or a map of names to what they must be.'),
    attributes: z
      .record(attributePath, expectationSchema)
      .optional()
      .describe('Attributes by path, and what they must be. `[*]`: each item. A text that holds JSON is walked into.'),
    none: z
      .array(
        z.strictObject({
          at: attributePath.optional().describe('Path of the blocks or items that are looked at. Default: the resource itself.'),
          where: z.record(attributePath, expectationSchema).describe('All of these at once must not be.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Shapes that must not be: no item at `at` may fulfil all of `where`.'),
    name: conditionSchema.optional().describe('What the name of the resource in the configuration must be.'),
    unless_missing: z
      .boolean()
      .default(false)
      .describe('true: what the type does not have, and what is not set (null, empty, or left to the provider), is not asked for.'),
    unknown: unknownPolicy
      .default('fail')
      .describe('What a value that is known only after apply means. `present` is content when the configuration sets it.'),
  })
  .refine((r) => r.tags !== undefined || r.attributes !== undefined || r.none !== undefined || r.name !== undefined, {
    message: 'Write what is required: `tags`, `attributes`, `none` or `name`',
  });

const budget = z.number().int().min(0);

/** How much may change, and of what the plan may be made. */
export const limitSchema = z
  .strictObject({
    ...selection,
    create: budget.optional().describe('At most so many creations, replacements included.'),
    update: budget.optional().describe('At most so many updates in place.'),
    replace: budget.optional().describe('At most so many replacements.'),
    delete: budget.optional().describe('At most so many deletions, replacements not included.'),
    destroy: budget.optional().describe('At most so many deletions, replacements included.'),
    import: budget.optional().describe('At most so many imports.'),
    forget: budget.optional().describe('At most so many resources that Terraform stops managing.'),
    changes: budget.optional().describe('At most so many changes of any kind.'),
    only_types: globList.optional().describe('Only these resource types (globs) may be created, updated or replaced.'),
    only_regions: globList.optional().describe('Only these regions or locations (globs).'),
    only_providers: globList.optional().describe('Only these providers, such as `registry.terraform.io/hashicorp/*`.'),
    only_modules: globList.optional().describe('Only module sources that match, such as `app.terraform.io/acme/*` or `./*`.'),
    // Not false: a check that asks for nothing would pass always.
    pinned_modules: z
      .literal(true)
      .optional()
      .describe('true: every module from elsewhere names a version with an upper end, a tag with a version, or a commit.'),
    pinned_providers: z.literal(true).optional().describe('true: every provider has a version constraint in the configuration.'),
    unknown: unknownPolicy.default('fail').describe('What a region that is known only after apply, or not said at all, means.'),
  })
  .refine((limit) => Object.keys(limit).some((key) => LIMITS.has(key)), 'Write what is limited, such as `destroy: 5`');
const LIMITS = new Set<string>([
  ...['create', 'update', 'replace', 'delete', 'destroy', 'import', 'forget', 'changes'],
  ...['only_types', 'only_regions', 'only_providers', 'only_modules', 'pinned_modules', 'pinned_providers'],
]);

/** An expression in CEL, asked of each subject. */
export const celSchema = z.strictObject({
  for: z
    .enum(['resource_changes', 'outputs', 'drift', 'modules', 'providers', 'plan'])
    .default('resource_changes')
    .describe('What the expression is asked of, once for each.'),
  when: z
    .string()
    .min(1)
    .optional()
    .describe('Expression: is this one asked of? What is no-op or only read is left out unless it names `action`, `actions` or `rc`.'),
  assert: z.string().min(1).describe('Expression that must be true.'),
  message: z.string().min(1).optional().describe('What is wrong; `${…}` holds expressions.'),
  unknown: unknownPolicy.default('fail').describe('What it means when the expression needs a value that is known only after apply.'),
});

/** JSON Schema for the planned values of resource types. */
export const schemaSchema = z.strictObject({
  resources: z
    .record(z.string().min(1), z.union([insidePath, z.record(z.string(), z.unknown())]))
    .refine((resources) => Object.keys(resources).length > 0, 'Name at least one resource type')
    .describe(
      'Resource types (globs) to their JSON Schema (2020-12): written here, or the path of a JSON or YAML file. null counts as not set.',
    ),
  actions,
  unknown: unknownPolicy.default('fail').describe('What it means that the schema asks about a value which is known only after apply.'),
});

const scriptFile = insidePath
  .refine(
    (file) => /[^/\\.][/\\]/.test(file),
    'In a folder, such as .runtask/checks/cost.ts: that top folder is all of the repository that it can read',
  )
  .refine((file) => /\.m?[jt]s$/.test(file), 'An ES module in TypeScript or JavaScript: .ts, .mts, .js or .mjs');

/** A program of the repository's own in TypeScript or JavaScript. */
export const scriptSchema = z.union([
  scriptFile.transform((file) => ({ file, memory_mb: DEFAULT_MEMORY_MB })),
  z.strictObject({
    file: scriptFile.describe('Module whose default export is `check(…)`, relative to the repository.'),
    memory_mb: z
      .number()
      .int()
      .min(64)
      .max(8192)
      .default(1024)
      .describe('It is ended when it needs more memory than this. A plan of 100,000 resources takes 600.'),
  }),
]);
const DEFAULT_MEMORY_MB = 1024;

/**
 * Never given to a tool: inputs and tokens of the job, and the files through which a step speaks for the workflow (GitHub,
 * "Workflow commands for GitHub Actions" and "Variables reference", read 2026-11).
 */
export const FORBIDDEN_ENV = /^(INPUT_.*|ACTIONS_.*|RUNTASK_.*|GITHUB_TOKEN|GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|EVENT_PATH))$/i;

export const REPORT_FORMATS = ['sarif', 'junit', 'conftest', 'opa', 'checkov'] as const;

/** Any program judges. */
export const runSchema = z.strictObject({
  command: z
    .array(z.string(), 'A list, each word for itself: [checkov, -f, $TF_PLAN_JSON]. No shell splits it')
    .min(1)
    .refine((argv) => argv[0] !== '', 'The first word is the program')
    .describe('The program and its arguments; no shell. `$TF_PLAN_JSON`, `$TF_CONFIGURATION` and `$RUN_FACTS_JSON` become paths.'),
  format: z
    .enum(['auto', 'exit-code', ...REPORT_FORMATS])
    .default('auto')
    .describe('What it reports in. `auto` looks at the report; `exit-code`: 0 is good.'),
  report: insidePath.optional().describe('File that it writes its report to, relative to the repository. Default: standard output.'),
  env: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'The name of an environment variable, without $')
        .refine((name) => !FORBIDDEN_ENV.test(name), 'No tool gets this one: it could speak for the workflow'),
    )
    .default([])
    .describe('Names that it gets from our environment besides PATH, HOME, LANG and TMPDIR.'),
});

/** Reports that earlier steps of the job wrote. */
export const resultsSchema = z.strictObject({
  files: z
    .array(insidePath)
    .min(1)
    .describe('Files (globs with `*`, `**` and `?`, relative to the workspace) that steps before this one wrote. Each must match one.'),
  format: z
    .enum(['auto', ...REPORT_FORMATS])
    .default('auto')
    .describe('What they are in. `auto` looks.'),
});

/** Policies in Rego, judged by the `opa` or `conftest` of the runner. */
export const regoSchema = z.strictObject({
  policy: insidePaths.describe('Folders or files with policies, relative to the repository.'),
  data: insidePaths.optional().describe('Folders or files with data, under `data`.'),
  engine: z.enum(['auto', 'opa', 'conftest']).default('auto').describe('`auto`: opa when it is on the PATH, else conftest.'),
  namespaces: z
    .union([z.literal('all'), z.array(z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'A package name such as `main`')).min(1)])
    .default(['main'])
    .describe('Packages whose `deny`, `violation` and `warn` rules are asked.'),
  input: z
    .enum(['plan', 'hcp', 'scalr', 'spacelift'])
    .default('plan')
    .describe('Where the plan stands in `input`: it is `input` itself, `input.plan`, `input.tfplan` or `input.terraform`.'),
  rego_version: z
    .enum(['auto', 'v0', 'v1'])
    .default('auto')
    .describe('Dialect of the policies. `auto`: v1, and v0 when that does not compile.'),
  strict: z
    .boolean()
    .default(true)
    .describe('false: what `input` lacks and what a built-in function cannot compute are undefined, as in Rego, and no error.'),
});

export type ProtectSpec = z.output<typeof protectSchema>;
export type Condition = z.output<typeof conditionSchema>;
export type Expectation = z.output<typeof expectationSchema>;
export type RequireSpec = z.output<typeof requireSchema>;
export type LimitSpec = z.output<typeof limitSchema>;
export type CelSpec = z.output<typeof celSchema>;
export type SchemaSpec = z.output<typeof schemaSchema>;
export type ScriptSpec = z.output<typeof scriptSchema>;
export type RunSpec = z.output<typeof runSchema>;
export type ResultsSpec = z.output<typeof resultsSchema>;
export type RegoSpec = z.output<typeof regoSchema>;
