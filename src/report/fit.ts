// Fits blocks into a limited text: who is told, in which form, decided in order of importance. Cuts only between blocks. Pure.

/** How long a text is for whoever limits it: characters for a comment, bytes for a job summary. */
export type Measure = (text: string) => number;

export class Budget {
  #left: number;
  readonly measure: Measure;

  constructor(limit: number, measure: Measure) {
    this.#left = limit;
    this.measure = measure;
  }

  get left(): number {
    return this.#left;
  }

  /** For what is told in any case; the rest may end up with nothing. */
  spend(text: string): void {
    this.#left -= this.measure(text);
  }

  /** @returns false, and takes nothing, when it does not fit */
  take(text: string, instead = ''): boolean {
    const cost = this.measure(text) - this.measure(instead);
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }
}

/** Something to tell: not at all, in a line, or in full. */
export interface Block<T> {
  readonly of: T;
  /** Made only while there is room. */
  readonly line: () => string;
  /** Made only when there is room to try; null: the line says it all. */
  readonly full: (() => string) | null;
  chosen: 'none' | 'line' | 'full';
  text: string;
}

export const toBlock = <T>(of: T, line: () => string, full: (() => string) | null): Block<T> => ({
  of,
  line,
  full,
  chosen: 'none',
  text: '',
});

// A full form is costly to make (a diff). After so many in a row that were too long, room for another is not to be expected:
// without it, 100,000 changes would be worked out for a text that holds 100.
const MISSES = 20;

/** Lines for as many as fit, in order; the first that does not fit ends it, so that what is left out is the end of the list. */
export function fitLines<T>(blocks: readonly Block<T>[], budget: Budget): void {
  for (const block of blocks) {
    const text = block.line();
    if (!budget.take(`${text}\n`)) return;
    block.chosen = 'line';
    block.text = text;
  }
}

/** Full forms in place of lines, in order, where they fit. */
export function fitFull<T>(blocks: readonly Block<T>[], budget: Budget): void {
  let misses = 0;
  for (const block of blocks) {
    if (misses >= MISSES || budget.left <= 0) return;
    if (block.chosen !== 'line' || block.full === null) continue;
    const text = block.full();
    // Two newlines more: blank lines around.
    if (budget.take(`${text}\n\n`, block.text)) {
      block.chosen = 'full';
      block.text = text;
      misses = 0;
    } else {
      misses++;
    }
  }
}

export const leftOut = <T>(blocks: readonly Block<T>[]): number => blocks.filter((block) => block.chosen === 'none').length;

export const withoutFull = <T>(blocks: readonly Block<T>[]): number =>
  blocks.filter((block) => block.chosen === 'line' && block.full !== null).length;
