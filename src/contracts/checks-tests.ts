// `.runtask/tests/*.yml`: table tests of checks. Schema and types only; running them is cli/test.ts.
import * as z from 'zod';
import { globs, SEVERITIES } from './check-words.ts';
import { STAGES } from './run-facts.ts';

/** A value as Terraform would plan it; null for an object that is not there. */
const object = z.record(z.string(), z.unknown()).nullable();

/** One resource change, as short as it can be said. */
export const inlineChangeSchema = z.strictObject({
  address: z
    .string()
    .regex(
      /^(module\.[^.\s]+\.)*(data\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*/,
      'An address such as aws_s3_bucket.logs or module.a["x"].aws_x.y[0]',
    )
    .describe('Address of the resource.'),
  action: z
    .enum(['create', 'update', 'replace', 'delete', 'forget', 'read', 'no-op'])
    .optional()
    .describe('Default: what `before` and `after` say; with neither, `create`.'),
  before: object.optional().describe('Its attributes before.'),
  after: object.optional().describe('Its attributes after. Default: {} where there is one.'),
  unknown: z.array(z.string().min(1)).optional().describe('Attributes that are known only after apply, as paths: `id`, `network[0].ip`.'),
  sensitive: z.array(z.string().min(1)).optional().describe('Attributes that are marked sensitive, as paths.'),
  provider: z.string().optional().describe('Its provider, such as registry.terraform.io/hashicorp/aws.'),
  previous_address: z.string().optional().describe('Where it moved from.'),
  reason: z.string().optional().describe("Terraform's action_reason."),
  deposed: z.string().optional().describe('Key of a deposed object.'),
});

export const expectedFindingSchema = z.strictObject({
  check: z.string().min(1).describe('Name of the check.'),
  address: z.string().optional().describe('Its address (glob).'),
  rule: z.string().optional().describe('Its rule (glob).'),
  message: z.string().optional().describe('Its message (glob).'),
  level: z.enum(['error', 'warning', 'note']).default('error').describe('Whether it fails.'),
  severity: z.enum(SEVERITIES).optional().describe('Its severity.'),
});

export const expectationsSchema = z
  .strictObject({
    verdict: z.enum(['passed', 'failed']).optional().describe('What the gate says.'),
    findings: z
      .array(expectedFindingSchema)
      .optional()
      .describe('Exactly these errors and warnings, in any order; notes are looked at only when one is written.'),
    passed: z.array(z.string().min(1)).optional().describe('Names of checks that ran to their end and passed.'),
    skipped: z.array(z.string().min(1)).optional().describe('Names of checks that do not apply.'),
    broken: z
      .array(z.strictObject({ check: z.string().min(1), reason: z.string().optional().describe('Its reason (glob).') }))
      .optional()
      .describe('Checks that could not run. A check that breaks unexpectedly fails every test.'),
  })
  .refine((expect) => Object.keys(expect).length > 0, 'Write what is expected, such as `verdict: failed`');

export const checksTestSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('What is shown.'),
    only: globs.optional().describe('Names of the checks (globs) that are run. Default: all of the file.'),
    plan: z.string().min(1).optional().describe('A plan in JSON, relative to this file.'),
    changes: z.array(inlineChangeSchema).optional().describe('Or the changes, written here.'),
    drift: z.array(inlineChangeSchema).optional().describe('Changes outside of Terraform.'),
    outputs: z
      .record(z.string().min(1), z.strictObject({ before: z.unknown().optional(), after: z.unknown().optional() }))
      .optional()
      .describe('Outputs and their values.'),
    variables: z.record(z.string().min(1), z.unknown()).optional().describe('Values of root variables.'),
    configuration: z.record(z.string(), z.unknown()).optional().describe("The plan's `configuration`, as Terraform writes it."),
    no_plan: z.literal(true).optional().describe('true: the run has none, as in pre_plan.'),
    source: z.string().min(1).optional().describe('Folder with the configuration of the run, relative to this file.'),
    run: z
      .strictObject({
        organization: z.string().optional(),
        workspace: z.string().optional(),
        project: z.string().optional(),
        stage: z.enum(STAGES).optional(),
        speculative: z.boolean().optional(),
        destroy: z.boolean().optional(),
        branch: z.string().optional(),
      })
      .optional()
      .describe('Facts of the run. Default: workspace `test`, organization `test`, post_plan.'),
    today: z.iso.date().optional().describe('As if it were this day, for waivers.'),
    expect: expectationsSchema.describe('What must come out.'),
  })
  .refine((test) => [test.plan, test.changes, test.no_plan].filter((one) => one !== undefined).length === 1, {
    message: 'Write one of `plan`, `changes` and `no_plan: true`',
  });

export const checksTestsFileSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  checks: z.string().min(1).optional().describe('The checks file, relative to the repository. Default: that of the command.'),
  tests: z.array(checksTestSchema).min(1).describe('The tests.'),
});

export type InlineChange = z.output<typeof inlineChangeSchema>;
export type ExpectedFinding = z.output<typeof expectedFindingSchema>;
export type Expectations = z.output<typeof expectationsSchema>;
export type ChecksTest = z.output<typeof checksTestSchema>;
export type ChecksTestsFile = z.output<typeof checksTestsFileSchema>;
