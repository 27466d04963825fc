// Globs for names and addresses. `*` is any run of characters, `?` is one; everything else stands for itself, brackets too,
// because an address has them (`aws_instance.web["eu-*"]`). Case counts, and a pattern is matched whole. No regular expression is
// built: the text may be hostile.
//
// Own code on purpose: the libraries at hand give braces, negation and extended globs a meaning, and a route or a check in a security
// boundary should not have more meanings than its reader knows.

/** Constant memory, time at most |pattern| x |text|. */
export function matchGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars never need to be tried again.
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

export const matchesAnyGlob = (patterns: readonly string[], text: string): boolean => patterns.some((pattern) => matchGlob(pattern, text));
