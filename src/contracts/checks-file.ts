// `.runtask/checks.yml`: what a platform team gates a plan on. Schema and types only; reading (YAML, lines, columns) is in
// checks/checks-file.ts.
//
// Strict: a key that we do not know is an error, because a gate that ignores a misspelled `enforce` passes by mistake.
import * as z from 'zod';
import { ENFORCEMENT_LEVELS, STAGES } from './run-task-request.ts';

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `500ms`, `30s`, `2m`: one number, one unit. */
const duration = z
  .string()
  .regex(/^\d{1,6}(ms|s|m)$/, 'Write a number and a unit: 500ms, 30s or 2m')
  .transform((text) => {
    const amount = Number.parseInt(text, 10);
    return text.endsWith('ms') ? amount : text.endsWith('s') ? amount * 1000 : amount * 60_000;
  })
  .refine((ms) => ms >= 1 && ms <= 30 * 60_000, 'Between 1ms and 30m');

const globs = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)).min(1),
]);
const nonEmptyGlobs = z.array(z.string().min(1)).min(1);

export const whenSchema = z.strictObject({
  stage: z.array(z.enum(STAGES)).min(1).optional(),
  organization: globs.optional(),
  workspace: globs.optional(),
  speculative: z.boolean().optional(),
});

/** Nothing of these types, addresses or modules may be deleted or replaced. At least one of the three. */
export const protectSchema = z
  .strictObject({
    types: nonEmptyGlobs.optional(),
    addresses: nonEmptyGlobs.optional(),
    modules: nonEmptyGlobs.optional(),
    /** Which actions are refused. Forgetting leaves the object but ends its management: refused on request only. */
    actions: z
      .array(z.enum(['delete', 'replace', 'forget']))
      .min(1)
      .default(['delete', 'replace']),
    except: nonEmptyGlobs.optional(),
  })
  .refine((p) => p.types !== undefined || p.addresses !== undefined || p.modules !== undefined, {
    message: 'Name what is protected: `types`, `addresses` or `modules`',
  });

export const celSchema = z.strictObject({
  for: z.enum(['resource_changes', 'outputs', 'drift', 'plan']).default('resource_changes'),
  /** Default for resource_changes: everything but no-op and read. */
  when: z.string().min(1).optional(),
  assert: z.string().min(1),
  message: z.string().min(1).optional(),
});

/**
 * Never given to a tool: inputs and tokens of the job, and the files through which a step speaks for the workflow (GitHub,
 * "Workflow commands for GitHub Actions" and "Variables reference", read 2026-11).
 */
export const FORBIDDEN_ENV = /^(INPUT_.*|ACTIONS_.*|RUNTASK_.*|GITHUB_TOKEN|GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|EVENT_PATH))$/i;

export const runSchema = z.strictObject({
  /** argv, no shell. `$TF_PLAN_JSON`, `$TF_CONFIGURATION` and `$RUN_FACTS_JSON` are replaced by paths. */
  command: z
    .array(z.string())
    .min(1)
    .refine((argv) => argv[0] !== '', 'The first word is the program'),
  format: z.enum(['auto', 'exit-code', 'sarif']).default('auto'),
  /** Where the tool writes its report, relative to the working directory and inside it; absent: standard output. */
  report: z
    .string()
    .min(1)
    .refine((path) => !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path), 'A path inside the working directory')
    .optional(),
  /** Names that the child gets from our environment besides PATH, HOME, LANG and TMPDIR. */
  env: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'The name of an environment variable, without $')
        .refine((name) => !FORBIDDEN_ENV.test(name), 'No tool gets this one: it could speak for the workflow'),
    )
    .default([]),
});

const common = {
  name: z.string().min(1).max(100),
  when: whenSchema.optional(),
  enforce: z.enum(ENFORCEMENT_LEVELS).default('mandatory'),
  severity: z.enum(SEVERITIES).default('high'),
  timeout: duration.optional(),
  message: z.string().min(1).max(1000).optional(),
  help: z.string().min(1).max(4000).optional(),
};

/** Every kind of check has one key here; a check has exactly one of them. */
export const KIND_SCHEMAS = { protect: protectSchema, cel: celSchema, run: runSchema } as const;
export type KindName = keyof typeof KIND_SCHEMAS;
export const KIND_NAMES = Object.keys(KIND_SCHEMAS) as KindName[];

export const checkSchema = z
  // The kinds first: whoever wrote an unknown key is told the known ones in this order.
  .strictObject({
    protect: protectSchema.optional(),
    cel: celSchema.optional(),
    run: runSchema.optional(),
    ...common,
  })
  .superRefine((check, context) => {
    const kinds = KIND_NAMES.filter((kind) => check[kind] !== undefined);
    if (kinds.length === 1) return;
    const found = kinds.length === 0 ? 'It has none' : `It has ${kinds.join(' and ')}`;
    context.addIssue({ code: 'custom', message: `A check has exactly one kind: ${KIND_NAMES.join(', ')}. ${found}` });
  });

export const checksFileSchema = z
  .strictObject({
    version: z.literal(1),
    /** A gate on which nothing applied is not a pass, unless it is written here. */
    when_none_apply: z.enum(['fail', 'pass']).default('fail'),
    checks: z.array(checkSchema),
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
export type ProtectSpec = z.output<typeof protectSchema>;
export type CelSpec = z.output<typeof celSchema>;
export type RunSpec = z.output<typeof runSchema>;
export type CheckSpec = z.output<typeof checkSchema>;
export type ChecksFile = z.output<typeof checksFileSchema>;
