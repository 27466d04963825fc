// Knows the secrets of a process and takes them out of any text that leaves it. No I/O.
//
// Exact-match masking misses a secret that a library encoded on its way into a message, so each value is also looked for
// as base64 (at all three alignments), base64url and URL-encoded text.

export interface Redactor {
  /** Values under 8 characters are refused: they would mask half of every text. */
  add(secret: string): void;
  redact(text: string): string;
}

const MIN_SECRET_LENGTH = 8;
const REPLACEMENT = '***';

export function createRedactor(): Redactor {
  const needles = new Set<string>();
  let sorted: string[] = [];

  return {
    add(secret) {
      if (secret.length < MIN_SECRET_LENGTH) return;
      for (const form of encodings(secret)) needles.add(form);
      // Longest first: a secret that holds another must be replaced as a whole.
      sorted = [...needles].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      let out = text;
      for (const needle of sorted) if (out.includes(needle)) out = out.replaceAll(needle, REPLACEMENT);
      return out;
    },
  };
}

/** Every form in which `secret` may stand in a text: plain, URL-encoded, JSON-escaped, base64 and base64url. */
export function encodings(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  for (const shift of [0, 1, 2]) {
    // The first and last characters of a shifted base64 text depend on the neighbours; the middle is the secret's alone.
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const base64 = bytes.toString('base64').replace(/=+$/, '');
    const start = shift === 0 ? 0 : shift + 1;
    const end = bytes.length % 3 === 0 ? base64.length : base64.length - 1;
    const middle = base64.slice(start, end);
    if (middle.length >= MIN_SECRET_LENGTH) forms.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)];
}
