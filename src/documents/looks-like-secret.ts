// Whether a text could be a key or a token that somebody pasted into a file of names. Pure.
//
// Passwords made of words cannot be told from names: what stands where a secret is asked for is never repeated, whatever it looks like.

/** Errs towards yes: then a diagnostic names the place alone. Words, names, paths and patterns as people write them are none. */
export function looksLikeSecret(text: string): boolean {
  if (!/^[\w.*?@/: -]{1,100}$/.test(text)) return true;
  // A key of any use is long. With capitals, small letters and digits it is base64 or a token; with many digits it is hex.
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
  if (text.length >= 16 && isMixed) return true;
  if ((text.match(/\d/g)?.length ?? 0) > 8) return true;
  return text.split(/[^A-Za-z0-9]+/).some((part) => part.length >= 24 || (part.length >= 14 && /\d/.test(part) && /[A-Za-z]/.test(part)));
}

// GitHub's, HCP Terraform's, Vault's, Slack's and Amazon's own marks of a token, a signed token (JWT), and a key in PEM form.
// Sources: GitHub, "About authentication to GitHub: token formats"; HashiCorp, "API tokens" (both read 2026-11-22).
const KNOWN =
  /gh[pousr]_\w{16}|github_pat_\w{16}|\.atlasv1\.|\bhv[sb]\.\w{16}|\bxox[abpr]-\w|\bAKIA[A-Z0-9]{16}|\beyJ[\w-]{8,}\.[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Surely a credential, wherever it stands. */
export const isKnownCredential = (text: string): boolean => KNOWN.test(text);
