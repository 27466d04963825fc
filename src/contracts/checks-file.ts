// `.runtask/checks.yml`: what a platform team gates a plan on. Schema and types only; reading (YAML, lines, columns) is in
// checks/checks-file.ts. The kinds of checks are in check-kinds.ts.
//
// Strict: a key that we do not know is an error, because a gate that ignores a misspelled `enforce` passes by mistake.
import * as z from 'zod';
import {
  celSchema,
  limitSchema,
  protectSchema,
  regoSchema,
  requireSchema,
  resultsSchema,
  runSchema,
  schemaSchema,
  scriptSchema,
} from './check-kinds.ts';
import { duration, globList, globs, insidePath, SEVERITIES } from './check-words.ts';
import { ENFORCEMENT_LEVELS, STAGES } from './run-facts.ts';

export const whenSchema = z.strictObject({
  stage: z.array(z.enum(STAGES)).min(1).optional().describe('Stages of the run.'),
  organization: globs.optional().describe('Organizations (globs).'),
  workspace: globs.optional().describe('Workspaces (globs).'),
  project: globs.optional().describe('Projects (globs). Known only with the input `hcp-token`: a run task does not carry it.'),
  speculative: z.boolean().optional().describe('true: only plans of pull requests and `terraform plan`. false: only others.'),
  destroy: z.boolean().optional().describe('true: only runs that destroy everything. false: only others.'),
  changes: globs.optional().describe('Resource types (globs): only plans that change one of them.'),
});

/** Any JSON. Handed to the check's expressions and scripts as `params`. */
const params = z.record(z.string().min(1), z.unknown());

const common = {
  name: z.string().min(1).max(100).describe('What people read; once in a file.'),
  when: whenSchema.optional().describe('Which runs it concerns. Default: all.'),
  enforce: z.enum(ENFORCEMENT_LEVELS).default('mandatory').describe('`advisory`: told, but does not fail the run.'),
  severity: z.enum(SEVERITIES).default('high').describe('Of findings that name none of their own.'),
  fail_on: z
    .enum(SEVERITIES)
    .optional()
    .describe('Findings of at least this severity fail, warnings too; milder ones are told. Default: what is an error fails.'),
  except: globs.optional().describe('Addresses (globs) that it is not asked of. For a time only, write a waiver instead.'),
  timeout: duration.optional().describe('`500ms`, `30s`, `2m`; 30 minutes at most. Default: 2m.'),
  message: z.string().min(1).max(1000).optional().describe('What is wrong, in your words.'),
  help: z.string().min(1).max(4000).optional().describe('What to do about it. Simple Markdown.'),
  params: params.optional().describe('Values for `params` in expressions and scripts; they go over those of the file.'),
};

/** Every kind of check has one key here; a check has exactly one of them. */
export const KIND_SCHEMAS = {
  protect: protectSchema,
  require: requireSchema,
  limit: limitSchema,
  cel: celSchema,
  schema: schemaSchema,
  script: scriptSchema,
  run: runSchema,
  results: resultsSchema,
  rego: regoSchema,
} as const;
export type KindName = keyof typeof KIND_SCHEMAS;
export const KIND_NAMES = Object.keys(KIND_SCHEMAS) as KindName[];

export const checkSchema = z
  // The kinds first: whoever wrote an unknown key is told the known ones in this order.
  .strictObject({
    protect: protectSchema.optional().describe('Nothing of these may be deleted or replaced.'),
    require: requireSchema.optional().describe('Tags and attributes that must be there, shapes that must not.'),
    limit: limitSchema.optional().describe('How much may change, and of what the plan may be made.'),
    cel: celSchema.optional().describe('A rule in CEL, asked of each resource.'),
    schema: schemaSchema.optional().describe('JSON Schema for resource types.'),
    script: scriptSchema.optional().describe('A rule in TypeScript or JavaScript.'),
    run: runSchema.optional().describe('Any program judges.'),
    results: resultsSchema.optional().describe('Reports that earlier steps of the job wrote.'),
    rego: regoSchema.optional().describe('Policies in Rego.'),
    ...common,
  })
  .superRefine((check, context) => {
    const kinds = KIND_NAMES.filter((kind) => check[kind] !== undefined);
    if (kinds.length === 1) return;
    const found = kinds.length === 0 ? 'It has none' : `It has ${kinds.join(' and ')}`;
    context.addIssue({ code: 'custom', message: `A check has exactly one kind: ${KIND_NAMES.join(', ')}. ${found}` });
  });

/** An exception for a time, with somebody who answers for it. It takes effect only while it has an owner and has not expired. */
export const waiverSchema = z.strictObject({
  check: z.string().min(1).describe('Name of the check (glob).'),
  rule: z.string().min(1).optional().describe('Rule of a tool (glob), such as `CKV_AWS_20`. Default: all.'),
  addresses: globs.optional().describe('Addresses (globs). Default: every finding of the check or rule.'),
  reason: z.string().min(1).max(1000).describe('Why this may be.'),
  owner: z
    .string()
    .max(100)
    .regex(/\S/, 'Write who answers for it')
    .optional()
    .describe('Who answers for it. Without one it has no effect, and that is told.'),
  expires: z.iso.date('Write a day as YYYY-MM-DD').describe('Last day on which it holds (UTC), as YYYY-MM-DD.'),
});

const adjustments = {
  without: globList.optional().describe('Names of checks (globs) that are left out.'),
  except: z
    .union([globs, z.record(z.string().min(1), globs)])
    .optional()
    .describe('Addresses (globs) that its checks are not asked of; or a map of check names (globs) to addresses.'),
  enforce: z.enum(ENFORCEMENT_LEVELS).optional().describe('In place of what its checks say.'),
  params: params.optional().describe('Values that go over its own `params`.'),
};

/** Checks from elsewhere. */
export const extendsSchema = z.union([
  z.strictObject({ pack: z.string().min(1).describe('A pack that comes with the action, such as `aws-basics`.'), ...adjustments }),
  z.strictObject({ file: insidePath.describe('Another checks file of this workspace.'), ...adjustments }),
  z.strictObject({
    repository: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, 'Write OWNER/NAME')
      .describe('OWNER/NAME of a repository that the job may read.'),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, 'The whole hash of a commit, 40 characters: a branch or a tag can be moved')
      .describe('The commit, by its whole hash.'),
    path: insidePath.default('.runtask/checks.yml').describe('Its checks file.'),
    ...adjustments,
  }),
]);

export const checksFileSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    when_none_apply: z
      .enum(['fail', 'pass'])
      .default('fail')
      .describe('A gate on which nothing applied is not a pass, unless it is written here.'),
    plan_changed_since_review: z
      .enum(['warn', 'fail', 'ignore'])
      .default('warn')
      .describe('What happens when a run would do something else than its pull request showed.'),
    extends: z.array(extendsSchema).min(1).optional().describe('Checks from elsewhere, before those of this file.'),
    params: params.optional().describe('Values for `params` in expressions and scripts.'),
    checks: z.array(checkSchema).default([]).describe('The checks, in the order in which they run.'),
    waivers: z.array(waiverSchema).optional().describe('Exceptions for a time.'),
  })
  .superRefine((file, context) => {
    const seen = new Map<string, number>();
    file.checks.forEach((check, index) => {
      const first = seen.get(check.name);
      if (first === undefined) seen.set(check.name, index);
      else
        context.addIssue({
          code: 'custom',
          path: ['checks', index, 'name'],
          message: `The name "${check.name}" is taken by check ${first + 1}`,
        });
    });
  });

export type When = z.output<typeof whenSchema>;
export type Params = z.output<typeof params>;
export type CheckSpec = z.output<typeof checkSchema>;
export type Waiver = z.output<typeof waiverSchema>;
export type Extends = z.output<typeof extendsSchema>;
export type ChecksFile = z.output<typeof checksFileSchema>;
