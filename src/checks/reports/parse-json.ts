// JSON of a report, or why it is none; nothing of the text is quoted, because it may hold values of the plan. Pure.
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';

export function parseReportJson(text: string): Result<unknown, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8 quotes what it stumbled over.
    const what = describeThrown(error).replace(/[,:]? ?(".*"|\.\.\.).*$/s, '');
    return err(`The report is not JSON (${what}): the tool may have been ended while it wrote, or printed something else beside it`);
  }
  // Of two keys JSON.parse takes the last. A script that glues its report together from texts of a pull request can be made to write a
  // second, empty list of findings behind the first.
  if (hasDuplicateKey(text)) return err('The report has the same key twice in one object, so that nobody can say which of them counts');
  return ok(value);
}

/** Of a text that is JSON. One pass, no recursion: depth costs memory only. */
function hasDuplicateKey(text: string): boolean {
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
