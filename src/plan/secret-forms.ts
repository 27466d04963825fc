// In which spellings a secret may stand inside a longer text. No I/O.
import { encodings } from '../base/redact.ts';

/** Plain, JSON-escaped, URL-encoded, and base64 at all three alignments, of the secret and of its escaped form. */
export function secretForms(secret: string): string[] {
  // A lone surrogate is no text that anything could have encoded; encodeURIComponent would throw.
  if (!secret.isWellFormed()) return [secret];
  const url = encodeURIComponent(secret);
  const lowerCaseUrl = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const forms = [secret, ...jsonForms(secret)].flatMap(encodings);
  return [...new Set([...forms, lowerCaseUrl, url.replaceAll('%20', '+')])];
}

/**
 * What every JSON-escaped form comes to when all backslashes are taken out of a text, however often it was escaped: JSON in JSON in a
 * log line. Empty for a secret that no escaping changes.
 */
export function bareForms(secret: string): string[] {
  const escaped = jsonForms(secret);
  return escaped.length === 0 ? [] : [...new Set([secret, ...escaped].map(withoutBackslashes))];
}

export const withoutBackslashes = (text: string): string => text.replaceAll('\\', '');

// Terraform's jsonencode() also writes <, > and & as \u003c, \u003e and \u0026 ("jsonencode Function", Terraform language
// documentation, read 2026-11), and Go, which it is written in, U+2028 and U+2029 so.
function jsonForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const go = json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [...new Set([json, go])].filter((form) => form !== secret);
}
