// From what a kind says to a finding of the report: masked, cut, with what the check's author said once for all, and with its place.
import { posix } from 'node:path';
import { SEVERITIES } from '../contracts/check-words.ts';
import type { CheckSpec } from '../contracts/checks-file.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingDraft } from './kind.ts';
import type { Locate } from './locate/locate.ts';

/** Masks, makes one line of it, and cuts. @throws when it cannot be masked */
export type Cleaner = (text: string, limit: number) => string;

/** What all findings of a run have in common. */
export interface FindingFrame {
  /** Every address of the plan. */
  readonly addresses: ReadonlySet<string>;
  readonly locate: Locate;
  readonly clean: Cleaner;
}

export const MESSAGE_LENGTH = 2000;
const HELP_LENGTH = 4000;

export function toFinding(draft: FindingDraft, check: CheckSpec, { addresses, locate, clean }: FindingFrame): Finding {
  const cleanOrNull = (text: string | null | undefined, limit: number): string | null =>
    text === null || text === undefined ? null : clean(text, limit);
  const address = draft.address !== null && draft.address !== undefined && addresses.has(draft.address) ? draft.address : null;
  const url = cleanOrNull(draft.url, 500);
  const place = placeOf(draft) ?? (address === null ? null : locate(address, draft.attribute ?? null));
  return {
    check: check.name,
    ruleId: cleanOrNull(draft.ruleId, 200),
    level: levelOf(draft.level ?? 'error', draft.severity ?? check.severity, check),
    severity: draft.severity ?? check.severity,
    message: clean(draft.message, MESSAGE_LENGTH) || '(no message)',
    help: cleanOrNull(draft.help, HELP_LENGTH) ?? check.help ?? null,
    address,
    action: address === null ? null : (draft.action ?? null),
    file: cleanOrNull(place?.file, 1024),
    line: place?.line ?? null,
    url: isWebUrl(url) ? url : null,
    ...(draft.standsFor === undefined ? {} : { standsFor: draft.standsFor }),
  };
}

function placeOf({ file, line }: FindingDraft): { readonly file: string; readonly line: number | null } | null {
  const inside = insideFile(file);
  return inside === null ? null : { file: inside, line: Number.isSafeInteger(line) && Number(line) >= 1 ? Number(line) : null };
}

/** Whoever reads the findings may make a link of it: no `javascript:`. */
const isWebUrl = (url: string | null): boolean => url !== null && ['https:', 'http:'].includes(URL.parse(url)?.protocol ?? '');

/** As a path of the configuration; null for one that leads out of it: it becomes a link and an annotation. */
function insideFile(file: string | null | undefined): string | null {
  if (file === null || file === undefined || file === '') return null;
  const path = posix.normalize(file.replaceAll('\\', '/'));
  const leadsOut = path === '.' || path === '..' || path.startsWith('../') || posix.isAbsolute(path) || /^[A-Za-z]:/.test(path);
  return leadsOut ? null : path;
}

/** With `fail_on` the severity decides what fails, and no longer the word that the tool chose. A note never fails. */
function levelOf(level: Finding['level'], severity: Finding['severity'], { fail_on: failOn }: CheckSpec): Finding['level'] {
  if (failOn === undefined || level === 'note') return level;
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn) ? 'error' : 'warning';
}
