// Whether a command may write colours: to a terminal only, and not where NO_COLOR asks for none (https://no-color.org, read 2026-11-22:
// "when present and not an empty string").

export const wantsColour = (out: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean =>
  out.isTTY === true && (env['NO_COLOR'] ?? '') === '';
