// Numbers that a double does not hold, as the plan spells them: a provider's 64-bit identifier, a serial number of 30 digits. What
// JSON.parse makes of them is another number. No I/O.
import type { Change, ExactNumbers } from '../model.ts';

/** A number in the parsed text that is another one than its spelling. */
class Inexact {
  readonly spelling: string;

  constructor(spelling: string) {
    this.spelling = spelling;
  }
}

type Tree = null | boolean | number | string | Inexact | readonly Tree[] | { readonly [key: string]: Tree };

/**
 * Costs a parse of its own: for texts in which a long number was seen.
 * @param text  good JSON
 * @param path  where the change stands in it
 * @returns undefined when a double holds every number of before and after
 */
export function exactNumbersAt(text: string, path: readonly string[]): Change['exactNumbers'] {
  let found = false;
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined || isHeld(context.source, value)) return value;
    found = true;
    return new Inexact(context.source);
  };
  const tree = JSON.parse(text, revive) as Tree;
  if (!found) return undefined;
  const change = path.reduce<Tree | undefined>(childOf, tree);
  const [before, after] = [numbersIn(childOf(change, 'before')), numbersIn(childOf(change, 'after'))];
  return before.size + after.size === 0 ? undefined : { before, after };
}

const childOf = (tree: Tree | undefined, key: string): Tree | undefined =>
  typeof tree === 'object' && tree !== null && !(tree instanceof Inexact) && !Array.isArray(tree) && Object.hasOwn(tree, key)
    ? (tree as { readonly [key: string]: Tree })[key]
    : undefined;

function numbersIn(tree: Tree | undefined): ExactNumbers {
  const numbers = new Map<string, string>();
  collect(tree, [], numbers);
  return numbers;
}

function collect(tree: Tree | undefined, path: (string | number)[], numbers: Map<string, string>): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (tree instanceof Inexact) {
    numbers.set(JSON.stringify(path), tree.spelling);
    return;
  }
  const steps = Array.isArray(tree) ? (tree as readonly Tree[]).entries() : Object.entries(tree);
  for (const [step, inner] of steps) {
    path.push(step);
    collect(inner, path, numbers);
    path.pop();
  }
}

/** Does the double say the same number? `1.0`, `1e2` and `0.1` are held; `9007199254740993` and `1e400` are not. */
export function isHeld(spelling: string, value: number): boolean {
  const [wanted, got] = [decimalOf(spelling), decimalOf(String(value))];
  return wanted !== null && got !== null && wanted.digits === got.digits && wanted.exponent === got.exponent;
}

/** The digits without zeros at either end, and where the point stands: value = ±0.DIGITS × 10^exponent. null: not a finite number. */
function decimalOf(spelling: string): { readonly digits: string; readonly exponent: number } | null {
  const parts = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(spelling);
  if (parts === null) return null;
  const [, whole = '', fraction = '', power = '0'] = parts;
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return { digits: '', exponent: 0 };
  return { digits: trimZeros(all.slice(first)), exponent: whole.length - first + Number(power) };
}

/** Not by a pattern: `/0+$/` takes the square of the length in a run of zeros that does not stand at the end. */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
