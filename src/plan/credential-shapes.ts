// Finds what looks like a credential in a text that nobody marked. What a credential looks like is credential-kinds.ts. No I/O.
//
// Every value and every message of a plan goes through here, so one search finds all starts of all kinds at once, and only what stands
// there is looked at more closely.
import { CREDENTIAL_KINDS, type CredentialKind } from './credential-kinds.ts';
import type { TextRange } from './secret-search.ts';

export interface Credential {
  /** Which kind, in our words: "a GitHub token". */
  readonly what: string;
  readonly range: TextRange;
}

const NONE: readonly Credential[] = [];

/** `a://:pass@`; no other kind is shorter. */
const MIN_LENGTH = 11;

const BY_START: ReadonlyMap<string, CredentialKind> = new Map(
  CREDENTIAL_KINDS.flatMap((kind) => kind.starts.map((start) => [start, kind])),
);

// The longest first, so that `sk-ant-` is not taken for `sk-`.
const STARTS = new RegExp(
  [...BY_START.keys()]
    .sort((a, b) => b.length - a.length)
    .map((start) => start.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('|'),
  'g',
);

const OTHER_THAN_BASE64 = /[^A-Za-z0-9+/\r\n]/g;
const MIN_ENCODED = 24;

/** In order, not overlapping. Linear in the length of the text, whatever stands in it. */
export function findCredentials(text: string): readonly Credential[] {
  if (text.length < MIN_LENGTH) return NONE;
  const found = search(text);
  if (found.length > 0 || !isEncoded(text)) return found;
  const [inside] = search(Buffer.from(text, 'base64').toString());
  return inside === undefined ? NONE : [{ what: `${inside.what} in base64`, range: [0, text.length] }];
}

/**
 * user_data_base64, the `data` of a Kubernetes secret: a text that is base64 from its first character to its last. Asked by what it is
 * not: an expression that takes a run of any length remembers each character of it, and a file of 5 MB is too much for it.
 */
function isEncoded(text: string): boolean {
  OTHER_THAN_BASE64.lastIndex = 0;
  const end = OTHER_THAN_BASE64.exec(text)?.index ?? text.length;
  return end >= MIN_ENCODED && /^={0,2}$/.test(text.slice(end).trimEnd());
}

function search(text: string): readonly Credential[] {
  let found: Credential[] | null = null;
  let done = 0;
  STARTS.lastIndex = 0;
  for (let match = STARTS.exec(text); match !== null; match = STARTS.exec(text)) {
    const start = match[0];
    const kind = BY_START.get(start);
    const credential = kind?.read(text, match.index, start);
    if (kind === undefined || !credential) {
      // Another may begin within what was read in vain.
      STARTS.lastIndex = match.index + 1;
      continue;
    }
    const [from, to] = credential.range;
    // What belongs to it on the left may be the end of the one before.
    if (!credential.isPlaceholder) (found ??= []).push({ what: kind.what, range: [Math.max(from, done), to] });
    done = to;
    STARTS.lastIndex = to;
  }
  return found ?? NONE;
}
