// The form of a section: what one workspace has to say, as plain data. All of its texts are masked and none is markup: they are escaped
// where they are rendered, also because a section is kept elsewhere and comes back from there. Whose it is (workspace, run) stands beside
// it: workspaces that say the same share one. Types and schemas only.
import * as z from 'zod';
import { ENFORCEMENT_LEVELS, STAGES } from '../../contracts/run-facts.ts';
import { GROUPS } from '../words.ts';

/** Words; or a name, shown as code; or words that weigh more. */
const segment = z.union([z.string(), z.object({ code: z.string() }), z.object({ bold: z.string() })]);
const phrase = z.array(segment);

/** More than any plan has, and few enough to be added up: a section may be written by hand. */
const MAX_COUNT = 1_000_000_000;

// What is nothing is not written (write.ts): each of these has its nothing as the default.
const count = z
  .int()
  .nonnegative()
  .transform((told) => Math.min(told, MAX_COUNT))
  .default(0);
const flag = z.boolean().default(false);
const perhaps = z.string().nullable().default(null);

/** What there is room for, and how much more there is. */
const listOf = <T extends z.ZodType>(item: T): z.ZodObject<{ items: z.ZodDefault<z.ZodArray<T>>; more: typeof count }> =>
  z.object({ items: z.array(item).default([]), more: count });
const NONE = { items: [], more: 0 };

const finding = z.object({
  message: z.string(),
  severity: z.string(),
  address: z.string().optional(),
  action: z.string().optional(),
  /** `s3.tf:14`, and its page in the planned commit. */
  file: z.string().optional(),
  source: z.string().optional(),
  rule: z.string().optional(),
  url: z.string().optional(),
});

const failedCheck = z.object({
  name: z.string(),
  isAdvisory: flag,
  /** `from acme/policies@1a2b3c4` */
  origin: z.string().optional(),
  /** Findings, those included that one only stands for. */
  count,
  /** It could not run to its end; why stands with `broken`. */
  broke: flag,
  findings: listOf(finding).default(NONE),
  /** Of the findings, each once. */
  help: z.array(z.string()).default([]),
});

const brokenCheck = z.object({ name: z.string(), isAdvisory: flag, origin: z.string().optional(), reason: z.string() });

/** A line of the folds that nobody has to open: of a check, about a finding, in words; or some of these. */
const aside = z.object({
  kind: z.enum(['warning', 'note', 'passed', 'skipped', 'waived', 'idle']),
  name: z.string().optional(),
  isAdvisory: flag,
  origin: z.string().optional(),
  finding: finding.optional(),
  words: z.string().optional(),
});

const resource = z.object({
  // A word of a later version stands with the actions that nobody knows: early.
  group: z.enum(GROUPS).catch('other'),
  /** Absent: the root module. */
  module: z.string().optional(),
  address: z.string(),
  /** Why it is destroyed, replaced or read. */
  why: phrase.optional(),
  /** What else one line tells: where it comes from, which attributes change. */
  notes: z.array(phrase).default([]),
  failed: z.array(z.object({ name: z.string(), isAdvisory: flag })).default([]),
  /** The lines of its diff; empty: there are none. Absent: left out. */
  body: z.array(z.string()).optional(),
});

const withBody = z.object({ line: phrase, body: z.array(z.string()).optional() });

const checkCounts = z.object({
  failed: count,
  errored: count,
  advisory: count,
  passed: count,
  notApplicable: count,
  warnings: count,
  waived: count,
});

export const STATES = ['planned', 'applied', 'errored', 'discarded', 'canceled', 'finished'] as const;

export const sectionSchema = z.object({
  version: z.literal(1),
  /** `withoutTask`: no run task brought the plan, so stage and enforcement say nothing. */
  run: z.object({ stage: z.enum(STAGES), enforcement: z.enum(ENFORCEMENT_LEVELS), speculative: flag, withoutTask: flag }),
  /** What became of the run, and when (ISO 8601); null: not known. */
  state: z.object({ kind: z.enum(STATES), at: perhaps }),
  /** The commit that was planned. */
  commit: z.object({ sha: z.string(), url: perhaps }).nullable().default(null),
  /** The GitHub Actions run: the whole report is in its summary. */
  workflow: perhaps,
  /** On record; null: nothing was judged. */
  verdict: z.enum(['passed', 'failed']).nullable().default(null),
  /** The route only observes: the verdict on record is `passed` whatever the checks said. */
  isObserved: flag,
  /** The first line in two parts: of the verdict, of the plan. Either may be empty. */
  headline: z.object({ checks: z.string(), plan: z.string() }),
  /** Whatever makes the verdict another one than the checks', or the plan less than whole. */
  notices: z.array(phrase).default([]),
  checks: z.object({ counts: checkCounts, failed: listOf(failedCheck).default(NONE), broken: listOf(brokenCheck).default(NONE) }),
  /** Conditions of the configuration that neither passed nor are open. */
  conditions: listOf(z.object({ line: phrase, problems: z.array(z.string()).default([]) })).default(NONE),
  /** Warnings, `notes` of the milder kind, passes, what did not apply. */
  quiet: listOf(aside)
    .extend({ notes: count })
    .default({ ...NONE, notes: 0 }),
  /** Findings that a waiver covers, and `idle` waivers that nothing needs. */
  waivers: listOf(aside)
    .extend({ idle: count })
    .default({ ...NONE, idle: 0 }),
  plan: z
    .object({
      /** Resources by group; absent: none. */
      tally: z.record(z.string(), count).default({}),
      /** Terraform's own line. */
      line: z.string(),
      /** What applying it comes to when no resource changes; null: the resources tell. */
      effect: perhaps,
      /** In order of danger; the rest is what the tally has more. */
      resources: z.array(resource).default([]),
      /** The lines of each. */
      outputs: listOf(z.array(z.string())).default(NONE),
      invocations: listOf(withBody).default(NONE),
      deferred: listOf(phrase).default(NONE),
      /** Changes outside of Terraform that matter here. */
      drift: listOf(withBody).default(NONE),
      /** How many there are that nothing here depends on. */
      otherDrift: count,
      hidden: count,
    })
    .nullable()
    .default(null),
  /** Where checks come from that are not the repository's own. */
  sources: listOf(z.object({ name: z.string(), digest: z.string(), checks: count })).default(NONE),
  terraform: perhaps,
});

export type Section = z.output<typeof sectionSchema>;
export type Segment = z.output<typeof segment>;
export type Phrase = z.output<typeof phrase>;
export type SectionPlan = NonNullable<Section['plan']>;
export type SectionResource = z.output<typeof resource>;
export type SectionFinding = z.output<typeof finding>;
export type FailedCheck = z.output<typeof failedCheck>;
export type BrokenCheck = z.output<typeof brokenCheck>;
export type Aside = z.output<typeof aside>;
export type RunState = Section['state'];

/** Whose section it is. RunFacts are that, too. */
export interface Whose {
  readonly organization: string;
  readonly workspace: string;
  readonly run_id: string;
  readonly run_url: string;
  /** ISO 8601 */
  readonly run_created_at: string;
}

export type WithBody = z.output<typeof withBody>;

/** What there is room for, and how much more there is. */
export interface Listed<T> {
  items: T[];
  more: number;
}
