// A masked value as text, in Terraform's spelling. Not escaped for Markdown, HTML or a terminal: that is the report's work. No I/O.
import { SENSITIVE_TEXT, withheldText, type MaskedValue } from './masking.ts';

export const UNKNOWN_TEXT = '(known after apply)';

export interface DisplayValue {
  readonly kind: 'plain' | 'sensitive' | 'unknown';
  /** A string stands in double quotes with escapes, unless it has several lines; a list or map is compact JSON. */
  readonly text: string;
  /** The text is a string of several lines, as it is, without quotes. */
  readonly multiline: boolean;
}

export function displayMasked(value: MaskedValue): DisplayValue {
  if (value.kind === 'masked') return { kind: 'sensitive', text: SENSITIVE_TEXT, multiline: false };
  if (value.kind === 'withheld') return { kind: 'sensitive', text: withheldText(value.what), multiline: false };
  if (value.kind === 'unknown') return { kind: 'unknown', text: UNKNOWN_TEXT, multiline: false };
  if (value.kind === 'plain' && typeof value.value === 'string' && value.value.includes('\n')) {
    return { kind: 'plain', text: value.value, multiline: true };
  }
  return { kind: 'plain', text: compact(value), multiline: false };
}

function compact(value: MaskedValue): string {
  switch (value.kind) {
    case 'masked':
      return SENSITIVE_TEXT;
    case 'withheld':
      return withheldText(value.what);
    case 'unknown':
      return UNKNOWN_TEXT;
    case 'plain':
      return JSON.stringify(value.value);
    case 'list':
      return `[${value.items.map(compact).join(', ')}]`;
    case 'map':
      return `{${value.entries.map((entry) => `${JSON.stringify(entry.key)}: ${compact(entry.value)}`).join(', ')}}`;
  }
}
