// Walks a path through a planned value, with what is known only after apply beside it. A text that holds JSON is walked into, a block
// that is a list of one is stepped through, and `[*]` takes a single object for a list of one, as AWS does in policies. Pure.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import { EACH, type Step, type Trail } from './path.ts';

/** What stands at a path. */
export type Found =
  /** null too: it is there, and not set. `unknown` marks what inside of it is known only after apply. */
  | { readonly kind: 'value'; readonly value: Json; readonly unknown: Json; readonly inText: boolean }
  | { readonly kind: 'absent' }
  /** Known only after apply; `whole`: the path's very end is, so that what holds it is known. */
  | { readonly kind: 'unknown'; readonly whole: boolean }
  /** The path does not fit the value. */
  | { readonly kind: 'odd'; readonly why: string };

/** @param rest  the part of the path that was not walked, because nothing is there or nobody knows what */
export type Visit = (found: Found, trail: Trail, rest: readonly Step[]) => void;

const ABSENT: Found = { kind: 'absent' };

/** Calls `visit` for each place: once, unless the path has `[*]`. The trail is valid during the call only. */
export type Walk = (value: Json | undefined, unknown: Json | undefined, steps: readonly Step[], visit: Visit, inText?: boolean) => void;

/** One for each check: it remembers the text that it parsed last, because several rules look into the same policy. */
export function createWalk(): Walk {
  const parse = createTextReader();

  return function walk(root, marks, steps, visit, inTextAtRoot = false) {
    const trail: (string | number)[] = [];
    const tell = (found: Found, at: number): void => visit(found, trail, steps.slice(at));

    const into = (part: string | number, value: Json | undefined, unknown: Json | undefined, at: number, inText: boolean): void => {
      trail.push(part);
      go(value, unknown, at, inText);
      trail.pop();
    };

    function go(value: Json | undefined, unknown: Json | undefined, at: number, inText: boolean): void {
      if (isMark(unknown)) return tell({ kind: 'unknown', whole: at === steps.length }, at);
      const step = steps[at];
      if (step === undefined) {
        const absent = value === undefined && !holdsTrue(unknown);
        return tell(absent ? ABSENT : { kind: 'value', value: value ?? null, unknown: unknown ?? false, inText }, at);
      }
      if (typeof value === 'string') return goText(value, at, step, inText);
      if (step === EACH) return goEach(value, unknown, at, inText);
      const count = isList(value) || isList(unknown) ? countItems(value, unknown) : null;
      if (typeof step === 'number') {
        if (count !== null) return step < count ? into(step, item(value, step), item(unknown, step), at + 1, inText) : tell(ABSENT, at);
        // One object where a list of one could stand.
        if (step === 0 && isMap(value)) return go(value, unknown, at + 1, inText);
      } else if (isMap(value) || isMap(unknown)) {
        return into(step, child(value, step), child(unknown, step), at + 1, inText);
      } else if (count !== null) {
        if (count === 1) return into(0, item(value, 0), item(unknown, 0), at, inText);
        return tell(count === 0 ? ABSENT : { kind: 'odd', why: `is a list of ${count}: write [*] or the index of one` }, at);
      }
      if (value === null || value === undefined || inText || typeof step === 'number') return tell(ABSENT, at);
      tell({ kind: 'odd', why: `is a ${typeof value}, nothing is inside of it` }, at);
    }

    function goEach(value: Json | undefined, unknown: Json | undefined, at: number, inText: boolean): void {
      if (isList(value) || isList(unknown)) {
        const count = countItems(value, unknown);
        for (let i = 0; i < count; i++) into(i, item(value, i), item(unknown, i), at + 1, inText);
        return;
      }
      if (value === undefined && !isMap(unknown)) return tell(ABSENT, at);
      // null: no items. Anything else is one.
      if (value !== null || isMap(unknown)) go(value, unknown, at + 1, inText);
    }

    function goText(text: string, at: number, step: Step, inText: boolean): void {
      const parsed = parse(text);
      if (parsed !== undefined) return go(parsed, false, at, true);
      if (step === EACH) return go(text, false, at + 1, inText);
      // Inside of a policy, "Principal": "*" stands where an object may stand.
      tell(inText || text === '' ? ABSENT : { kind: 'odd', why: 'is a text without JSON, nothing is inside of it' }, at);
    }

    go(root, marks, 0, inTextAtRoot);
  };
}

const child = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
const item = (value: Json | undefined, index: number): Json | undefined => (isList(value) ? value[index] : undefined);

/** Items that are known only after apply may be missing from the value. */
export const countItems = (value: Json | undefined, unknown: Json | undefined): number =>
  Math.max(isList(value) ? value.length : 0, isList(unknown) ? unknown.findLastIndex(holdsTrue) + 1 : 0);

/** @returns undefined when the text is no JSON object or list */
function createTextReader(): (text: string) => Json | undefined {
  let last: string | null = null;
  let parsed: Json | undefined;
  return (text) => {
    if (text === last) return parsed;
    last = text;
    parsed = /^\s*[[{]/.test(text) ? parseOrNothing(text) : undefined;
    return parsed;
  };
}

function parseOrNothing(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // Its message would quote the text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
