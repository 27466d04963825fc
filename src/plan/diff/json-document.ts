// A JSON document in a string, as data that loses nothing: numbers as they are spelled, no key twice. No I/O.
import { isErrorLike } from '../../base/fault.ts';
import { Spelled, type DocumentValue } from './side.ts';

/** Beyond this a document is compared as text. */
const MAX_LENGTH = 200_000;
/** Far deeper than documents are, and shallow enough for whatever walks them. */
const MAX_DEPTH = 60;

/** @returns null: no object or list in JSON, or one of which data would not tell all */
export function readJsonDocument(text: string): DocumentValue | null {
  if (text.length > MAX_LENGTH || !/^\s*[[{]/.test(text)) return null;
  const shape = shapeOf(text);
  if (shape.depth > MAX_DEPTH) return null;
  let entries = 0;
  // The source of a number comes with the third argument (TC39, "JSON.parse source text access"; in Node 22 and up).
  function keepSpelling(this: unknown, _key: string, value: DocumentValue, context?: { readonly source?: string }): DocumentValue {
    if (!Array.isArray(this)) entries += 1;
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && String(value) !== source ? new Spelled(source) : value;
  }
  try {
    const document = JSON.parse(text, keepSpelling) as DocumentValue;
    // The root counts as the entry of an object around it. A key that stands twice: which of the two holds is the reader's choice.
    return entries - 1 === shape.keys ? document : null;
  } catch (thrown) {
    // Began like JSON and is not.
    if (isErrorLike(thrown) && thrown.name === 'SyntaxError') return null;
    throw thrown;
  }
}

/** How deep brackets stand, and how many keys there are, if it is JSON. */
function shapeOf(text: string): { readonly depth: number; readonly keys: number } {
  let [depth, deepest, keys] = [0, 0, 0];
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (isInString) {
      if (character === '\\') i += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === ':') keys += 1;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth -= 1;
  }
  return { depth: deepest, keys };
}
