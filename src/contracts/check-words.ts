// The small forms that the checks file is made of: severities, durations, lists of globs. Schemas only.
import * as z from 'zod';

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const DURATION = 'Write a number and a unit: 500ms, 30s or 2m; 30m at most';

/** `500ms`, `30s`, `2m`: one number, one unit. In milliseconds once read. */
export const duration = z
  .string(DURATION)
  .regex(/^\d{1,6}(ms|s|m)$/, DURATION)
  .transform((text) => {
    const amount = Number.parseInt(text, 10);
    return text.endsWith('ms') ? amount : text.endsWith('s') ? amount * 1000 : amount * 60_000;
  })
  .refine((ms) => ms >= 1 && ms <= 30 * 60_000, 'Between 1ms and 30m');

/** One text or several; always a list once read. */
export const globs = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)).min(1),
]);
export const globList = z.array(z.string().min(1)).min(1);

/** A path inside the folder that the checks file belongs to. What the path leads to is looked at again when it is opened. */
export const insidePath = z
  .string()
  .min(1)
  .refine((path) => !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path), 'A path inside the repository, without ".."');
export const insidePaths = z.union([insidePath.transform((one) => [one]), z.array(insidePath).min(1)]);

/** What happens when a rule needs a value that is known only after apply. */
export const UNKNOWN_POLICIES = ['fail', 'warn', 'pass'] as const;
export const unknownPolicy = z.enum(UNKNOWN_POLICIES);
export type UnknownPolicy = z.output<typeof unknownPolicy>;

/** Actions of a resource change by one word, as plan/model.ts has them. */
export const CHANGE_ACTIONS = ['create', 'update', 'replace', 'delete', 'forget', 'read', 'no-op'] as const;
