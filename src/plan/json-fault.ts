// Where a text stops being JSON, told without a word of the text itself: V8's own message quotes it, and a plan holds secrets.
// Iterative, so that no nesting can exhaust the stack. No I/O.

export interface JsonFault {
  /** What is wrong, in words that quote nothing. */
  readonly problem: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** @returns null when the text is JSON */
export function findJsonFault(text: string): JsonFault | null {
  const open: ('{' | '[')[] = [];
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const fault = (problem: string): JsonFault => ({
    problem: at >= text.length ? 'the text ends too early' : problem,
    ...lineAndColumn(text, at),
  });

  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'separator' = 'value';
  for (;;) {
    skip(SPACE);
    const inside = open.at(-1);
    const character = text[at];
    if (expected === 'separator') {
      if (inside === undefined) return at >= text.length ? null : { problem: 'something follows the document', ...lineAndColumn(text, at) };
      if (character === ',') expected = inside === '{' ? 'key' : 'value';
      else if (character === (inside === '{' ? '}' : ']')) open.pop();
      else return fault('a comma or a closing bracket is missing');
      at += 1;
      continue;
    }
    if (expected === 'key' || expected === 'key or end') {
      if (expected === 'key or end' && character === '}') {
        open.pop();
        at += 1;
        expected = 'separator';
        continue;
      }
      if (!skip(STRING)) return fault('a key in double quotes is missing');
      skip(SPACE);
      if (text[at] !== ':') return fault('a colon is missing after a key');
      at += 1;
      expected = 'value';
      continue;
    }
    if (expected === 'value or end' && character === ']') {
      open.pop();
      at += 1;
      expected = 'separator';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at += 1;
      expected = character === '{' ? 'key or end' : 'value or end';
    } else if (skip(STRING) || skip(SCALAR)) expected = 'separator';
    else return fault('no JSON value begins here');
  }
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - lineStart + 1 };
}
