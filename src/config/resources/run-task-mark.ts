// The mark in a run task's description: whose it is, and which version of the key it has. HCP has no other room for it, and never tells the
// key. People see it in HCP's pages; here the description is without it. Pure.
//
// Where somebody takes the mark out, the next plan says that the key is to be set: harmless, and right, since the key may be another too.

const MARK = /^(?:(.*) )?\[runtask key=(\d{1,5})\]$/s;

/** HCP's 300 (HashiCorp, "Run tasks API", read 2026-11) less the longest mark and its space. */
export const DESCRIPTION_MAX = 300 - ' [runtask key=99999]'.length;
export const VERSION_MAX = 99_999;

export const withMark = (description: string, version: number): string =>
  description === '' ? `[runtask key=${version}]` : `${description} [runtask key=${version}]`;

/** @returns version null: no mark, so nobody of ours made it */
export function readMark(text: string): { readonly description: string; readonly version: number | null } {
  const found = MARK.exec(text);
  if (found === null) return { description: text, version: null };
  return { description: found[1] ?? '', version: Number(found[2]) };
}

export const hasMark = (text: string): boolean => /\[runtask\b/.test(text);
