// What goes back to HCP Terraform: a status, one sentence, a link, and outcomes, within HCP's limits.
//
// Source: HashiCorp's runtask-result, runtask-outcome, runtask-tag and runtask-rich-label schemas (2025-11-19). Those cannot
// be compiled as published (a broken $ref, an invalid regex), so the numbers are written out here.
import * as z from 'zod';

export const RESULT_LIMITS = {
  message: 1000,
  url: 500,
  outcomes: 250,
  outcomeId: 64,
  description: 1000,
  body: 10_000,
  tagKeys: 10,
  labelsPerTag: 32,
  label: 32,
} as const;

// The UI shows a result wrongly when the URL is not http(s) (HashiCorp, "Displaying run task results").
const link = z.url({ protocol: /^https?$/ }).max(RESULT_LIMITS.url);

const labelSchema = z.strictObject({
  label: z.string().min(1).max(RESULT_LIMITS.label),
  level: z.enum(['none', 'info', 'warning', 'error']).optional(),
});

export const outcomeSchema = z.strictObject({
  outcomeId: z.string().min(1).max(RESULT_LIMITS.outcomeId),
  description: z.string().min(1).max(RESULT_LIMITS.description),
  /** Markdown: headings, lists, bold, code and links only; tables and HTML are not known to be shown. */
  body: z.string().min(1).max(RESULT_LIMITS.body).optional(),
  url: link.optional(),
  tags: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.array(labelSchema).min(1).max(RESULT_LIMITS.labelsPerTag))
    .refine((tags) => Object.keys(tags).length <= RESULT_LIMITS.tagKeys, `more than ${RESULT_LIMITS.tagKeys} tags`)
    .optional(),
});

export const taskResultSchema = z.strictObject({
  status: z.enum(['passed', 'failed']),
  message: z.string().min(1).max(RESULT_LIMITS.message),
  url: link.optional(),
  outcomes: z.array(outcomeSchema).max(RESULT_LIMITS.outcomes),
});

export type Outcome = z.output<typeof outcomeSchema>;
export type TaskResult = z.output<typeof taskResultSchema>;

/** `running`: keeps HCP waiting (it gives up after 10 minutes without one, 60 in all; HashiCorp, web-unified-docs#479). */
export interface TaskProgress {
  readonly status: 'running';
  readonly message: string;
  readonly url?: string;
}
