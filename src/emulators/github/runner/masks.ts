// What the runner hides in a job's log: exact copies of each known secret, and of a few encodings of it, from then on.
// Source: actions/runner 2.336.0, HostContext and ActionCommandManager (the list of encoders; each line of a value counts). Pure.

export interface Masks {
  /** The value and each of its lines. Empty ones are ignored, as the runner ignores them. */
  add(value: string): void;
  apply(text: string): string;
}

export function createMasks(): Masks {
  const needles = new Set<string>();
  let sorted: string[] = [];
  return {
    add(value) {
      for (const part of [value, ...value.split(/\r\n|\r|\n/).map((line) => line.trim())]) {
        if (part.trim() === '') continue;
        for (const form of encodings(part)) if (form !== '') needles.add(form);
      }
      sorted = [...needles].sort((a, b) => b.length - a.length);
    },
    apply(text) {
      let out = text;
      for (const needle of sorted) if (out.includes(needle)) out = out.replaceAll(needle, '***');
      return out;
    },
  };
}

function encodings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].filter((shift) => bytes.length > shift).map((shift) => bytes.subarray(shift).toString('base64'));
  const xml = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
  return [
    value,
    ...base64,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    xml,
    // A literal in an expression, a Windows command line's argument, a quoted PowerShell text.
    value.replaceAll("'", "''"),
    value.replaceAll('"', '\\"'),
    value.replace(/^"(.*)"$/s, '$1'),
  ];
}
