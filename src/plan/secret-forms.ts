// In which spellings a secret may stand inside a longer text. No I/O.
import { encodings } from '../base/redact.ts';

/**
 * Plain, URL-encoded, JSON-escaped, base64 and base64url at all three alignments (base/redact.ts), and what Terraform adds:
 * jsonencode() writes <, > and & as \u003c, \u003e, \u0026 ("jsonencode Function", Terraform language documentation).
 */
export function secretForms(secret: string): string[] {
  // A lone surrogate is no text that anything could have encoded; encodeURIComponent would throw.
  const forms = secret.isWellFormed() ? encodings(secret) : [secret];
  const json = JSON.stringify(secret).slice(1, -1);
  forms.push(jsonencoded(json), JSON.stringify(json).slice(1, -1));
  if (secret.isWellFormed()) {
    const url = encodeURIComponent(secret);
    forms.push(
      url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      url.replaceAll('%20', '+'),
    );
  }
  return [...new Set(forms)];
}

const jsonencoded = (json: string): string => json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
