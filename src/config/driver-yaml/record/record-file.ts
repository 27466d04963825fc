// The record's words: `.runtask/managed.json` as text and as data. It says which objects a configuration manages and the little that the
// objects themselves have no room for. Meant to be committed: sorted, no times, no secrets. No I/O.
import * as z from 'zod';
import { err, ok, type Result } from '../../../base/result.ts';
import type { Diagnostic } from '../../../base/diagnostics.ts';

const RECORD_VERSION = 1;

const json: z.ZodType<RecordedValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
export type RecordedValue = string | number | boolean | null | readonly RecordedValue[] | { readonly [name: string]: RecordedValue };

const entrySchema = z.strictObject({
  name: z.string(),
  index: z.optional(z.string()),
  digest: z.optional(z.string()),
  remembered: z.optional(z.record(z.string(), json)),
  creating: z.optional(z.literal(true)),
});

const recordSchema = z.strictObject({
  version: z.literal(RECORD_VERSION),
  hcp: z.optional(z.string()),
  github: z.optional(z.string()),
  objects: z.record(z.string(), z.record(z.string(), entrySchema)),
});

/** One object that is ours. */
export interface RecordEntry {
  /** Of its address when it was applied: `gate` */
  readonly name: string;
  /** `net-prod`; absent: there is one of the name. */
  readonly index?: string | undefined;
  /** Of what the last apply left; absent: not known. */
  readonly digest?: string | undefined;
  /** The attributes that its API does not tell. */
  readonly remembered?: Readonly<Record<string, RecordedValue>> | undefined;
  /** Written before the call that makes it: a create whose answer was lost is still ours. */
  readonly creating?: true | undefined;
}

/** Where the recorded objects are: the same names on another host are other objects. */
export interface RecordHosts {
  readonly hcp: string;
  /** null: the configuration names nothing there. */
  readonly github: string | null;
}

export interface RecordData {
  readonly hosts: { readonly hcp?: string | undefined; readonly github?: string | undefined };
  /** By type, then by import id. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, RecordEntry>>;
}

export const emptyRecord: RecordData = { hosts: {}, objects: new Map() };

/**
 * @param file  as it is named in diagnostics
 * @returns the record, or why it cannot be used. Nothing is guessed: what stands in it decides what may be deleted.
 */
export function parseRecord(text: string, file: string): Result<RecordData, Diagnostic> {
  const refuse = (summary: string, detail: string): Result<never, Diagnostic> =>
    err({ severity: 'error', summary, detail, path: '', file });
  const restore =
    'Restore it from version control. Without it, nothing is lost that cannot be found again: see "the record" in docs/config.md.';

  if (/^(<{7}|>{7}|={7})( |$)/m.test(text)) {
    return refuse(
      'The record has conflict markers of a merge',
      'Keep the entries of both sides and remove the lines with <<<<<<<, ======= and >>>>>>>; then plan again.',
    );
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return refuse('The record is no JSON', restore);
  }
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  if (typeof version === 'number' && version > RECORD_VERSION) {
    return refuse(
      `The record has version ${version}, this runtask knows ${RECORD_VERSION}`,
      'A newer runtask has written it. Use that one: this one does not touch what it cannot read.',
    );
  }
  const parsed = recordSchema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse('The record is not as runtask writes it', `At ${(issue?.path ?? []).join('.') || 'its top'}. ${restore}`);
  }
  const { hcp, github, objects } = parsed.data;
  return ok({
    hosts: { hcp, github },
    objects: new Map(Object.entries(objects).map(([type, byId]) => [type, new Map(Object.entries(byId))])),
  });
}

/** Sorted by type and id, one way only: two applies of the same thing write the same bytes. */
export function toRecordText({ hosts, objects }: RecordData): string {
  const sorted = [...objects].filter(([, byId]) => byId.size > 0).sort(byKey);
  return (
    JSON.stringify(
      {
        version: RECORD_VERSION,
        ...hosts,
        objects: Object.fromEntries(
          sorted.map(([type, byId]) => [type, Object.fromEntries([...byId].sort(byKey).map(([id, entry]) => [id, inOrder(entry)]))]),
        ),
      },
      null,
      2,
    ) + '\n'
  );
}

/** Not by locale: the order must be the same on every machine. */
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

const inOrder = ({ name, index, creating, digest, remembered }: RecordEntry): RecordEntry => ({
  name,
  ...(index === undefined ? {} : { index }),
  ...(creating === undefined ? {} : { creating }),
  ...(digest === undefined ? {} : { digest }),
  ...(remembered === undefined || Object.keys(remembered).length === 0
    ? {}
    : { remembered: Object.fromEntries(Object.entries(remembered).sort(byKey)) }),
});

/** @returns why this record belongs to other hosts than the configuration; null when it does not */
export function checkHosts(record: RecordData, hosts: RecordHosts, file: string): Diagnostic | null {
  const pairs = [
    ['HCP Terraform', record.hosts.hcp, hosts.hcp],
    ['GitHub', record.hosts.github, hosts.github],
  ] as const;
  for (const [what, recorded, configured] of pairs) {
    if (recorded === undefined || configured === null || recorded === configured) continue;
    return {
      severity: 'error',
      summary: `The record is about ${what} at ${recorded}, the configuration about ${configured}`,
      detail:
        'The same names are other objects there, and nothing may be deleted by mistake. Use a configuration file of another name ' +
        'for another host: each has its own record.',
      path: '',
      file,
    };
  }
  return null;
}
