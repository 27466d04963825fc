// Does a JSON text have the same key twice in one object? Of two JSON.parse takes the last; who else reads the text may take the first, or
// both: a policy could show us one face and the cloud another. Pure.

/** Of a text that is JSON. One pass, no recursion: depth costs memory only. */
export function hasDuplicateKey(text: string): boolean {
  // The keys of each open object; null for a list.
  const open: (Set<string> | null)[] = [];
  let keyComes = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '{':
        open.push(new Set());
        keyComes = true;
        break;
      case '[':
        open.push(null);
        keyComes = false;
        break;
      case '}':
      case ']':
        open.pop();
        keyComes = false;
        break;
      case ',':
        keyComes = open.at(-1) instanceof Set;
        break;
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (keyComes && keys instanceof Set) {
          const key = unescaped(text.slice(at, end + 1));
          if (keys.has(key)) return true;
          keys.add(key);
          keyComes = false;
        }
        at = end;
        break;
      }
    }
  }
  return false;
}

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

const unescaped = (literal: string): string => (literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1));
