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

/** What can be wrong, in our words. */
export const JSON_PROBLEMS = {
  ended: 'the text ends too early',
  follows: 'something follows the document',
  separator: 'a comma or a closing bracket is missing',
  key: 'a key in double quotes is missing',
  colon: 'a colon is missing after a key',
  value: 'no JSON value begins here',
} as const;

const SPACE = /[ \t\n\r]*/y;
// A string piece by piece: one pattern for the whole would exhaust the stack at some 10 MB.
const PLAIN = /[^"\\\u0000-\u001f]{1,4096}/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * @param follows  what to say of something that follows the value; a part of a document says otherwise
 * @returns null when the text is JSON
 */
export function findJsonFault(text: string, follows: string = JSON_PROBLEMS.follows): JsonFault | null {
  const open: ('{' | '[')[] = [];
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const skipString = (): boolean => {
    const start = at;
    if (text[at] !== '"') return false;
    at += 1;
    while (skip(PLAIN) || skip(ESCAPE));
    const isClosed = text[at] === '"';
    at = isClosed ? at + 1 : start;
    return isClosed;
  };
  const fault = (problem: string): JsonFault => ({
    problem: at >= text.length ? JSON_PROBLEMS.ended : problem,
    ...lineAndColumn(text, at),
  });

  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'separator' = 'value';
  for (;;) {
    skip(SPACE);
    const inside = open.at(-1);
    const character = text[at];
    if (expected === 'separator') {
      if (inside === undefined) return at >= text.length ? null : { problem: follows, ...lineAndColumn(text, at) };
      if (character === ',') expected = inside === '{' ? 'key' : 'value';
      else if (character === (inside === '{' ? '}' : ']')) open.pop();
      else return fault(JSON_PROBLEMS.separator);
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
      if (!skipString()) return fault(JSON_PROBLEMS.key);
      skip(SPACE);
      if (text[at] !== ':') return fault(JSON_PROBLEMS.colon);
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
    } else if (skipString() || skip(SCALAR)) expected = 'separator';
    else return fault(JSON_PROBLEMS.value);
  }
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - lineStart + 1 };
}
