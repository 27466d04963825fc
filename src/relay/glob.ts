// `*` is any text, `?` one character; everything else is itself, case included. A pattern is matched whole.
//
// Own code on purpose: the libraries at hand give braces, negation and extended globs a meaning, and a route in a security
// boundary should not have more meanings than its reader knows.

export function matchesGlob(pattern: string, text: string): boolean {
  // Greedy with one point to come back to: linear for each star, no pattern can make it slow.
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

export const matchesAny = (patterns: readonly string[], text: string): boolean => patterns.some((pattern) => matchesGlob(pattern, text));
