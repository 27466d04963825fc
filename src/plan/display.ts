// A masked value as text on one line, in Terraform's spelling. Not escaped for Markdown, HTML or a terminal: that is the report's work. No I/O.
import { SENSITIVE_TEXT, withheldText, type MaskedValue } from './masking.ts';

/** A string stands in double quotes with escapes; a list or map is compact JSON. */
export function maskedText(value: MaskedValue): string {
  switch (value.kind) {
    case 'masked':
      return SENSITIVE_TEXT;
    case 'withheld':
      return withheldText(value.what);
    case 'unknown':
      return '(known after apply)';
    case 'plain':
      return JSON.stringify(value.value);
    case 'list':
      return `[${value.items.map(maskedText).join(', ')}]`;
    case 'map':
      return `{${value.entries.map((entry) => `${JSON.stringify(entry.key)}: ${maskedText(entry.value)}`).join(', ')}}`;
  }
}
