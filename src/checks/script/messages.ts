// What a script's process says to us, one JSON document in a line. Schemas and types; the process itself takes only the types, because
// zod would cost it more time to load than a script needs to judge.
import * as z from 'zod';
import { SEVERITIES } from '../../contracts/check-words.ts';

/** Longer ones are withheld: a cut could go through a secret, and half a secret is not recognised by the masker. */
export const MAX_TEXT = 16_384;

const text = z.string().max(MAX_TEXT);
const optional = text.nullable();

const finding = z.strictObject({
  level: z.enum(['error', 'warning', 'note']),
  message: text,
  address: optional,
  action: optional,
  ruleId: optional,
  severity: z.enum(SEVERITIES).optional(),
  attribute: optional,
  help: optional,
  url: optional,
  file: optional,
  line: z.number().int().min(1).nullable(),
});

const count = z.number().int().min(0);

/** Findings that were made and not sent. */
const unlisted = finding.pick({ level: true, severity: true }).extend({ count });

export const messageSchema = z.union([
  z.strictObject({ finding }),
  /** What went wrong, for people: the check has errored, whatever it says besides. */
  z.strictObject({ broke: text }),
  /** What it looked at, for `--explain`. */
  z.strictObject({ looked: z.array(text), more: count }),
  /** The end, which nobody but us says: without it the check has errored. */
  z.strictObject({ done: z.string(), unlisted: z.array(unlisted) }),
]);

export type ScriptMessage = z.output<typeof messageSchema>;
export type ScriptFinding = z.output<typeof finding>;
export type ScriptUnlisted = z.output<typeof unlisted>;
export type Level = ScriptFinding['level'];
