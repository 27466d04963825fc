// Fits blocks into a limited room: who is told, in which form, decided in order of importance. Cuts only between blocks. What a block is
// made of is the caller's: Markdown for a comment, plain data for a section. Pure.

/** How much of the room something takes: characters of a comment, bytes of a job summary, bytes of JSON. */
export type Measure<V = string> = (value: V) => number;

export class Budget<V = string> {
  readonly measure: Measure<V>;
  #left: number;
  readonly #parent: Budget<V> | null;
  /** What the frame around it costs, until it is paid. */
  #frame: number;

  constructor(limit: number, measure: Measure<V>, parent: Budget<V> | null = null, frame = 0) {
    this.#left = limit;
    this.measure = measure;
    this.#parent = parent;
    this.#frame = frame;
  }

  get left(): number {
    return Math.min(this.#left, this.#parent?.left ?? Infinity) - this.#frame;
  }

  /** Something was taken, so the frame has to be shown. */
  get isUsed(): boolean {
    return this.#frame === 0;
  }

  /** For what is told in any case; the rest may end up with nothing. */
  spend(cost: number): void {
    const all = cost + this.#frame;
    this.#frame = 0;
    this.#left -= all;
    this.#parent?.spend(all);
  }

  /** @returns false, and takes nothing, when it does not fit */
  take(cost: number): boolean {
    if (cost > this.left) return false;
    this.spend(cost);
    return true;
  }

  /** Room inside of a frame (a fold, a heading) that is paid together with the first thing in it. */
  within(frame: V): Budget<V> {
    return new Budget(Infinity, this.measure, this, this.measure(frame));
  }

  /** While `work` runs, no more than that is taken here, whoever takes it. */
  atMost(limit: number, work: () => void): void {
    const before = this.#left;
    const lent = Math.min(before, limit + this.#frame);
    this.#left = lent;
    work();
    this.#left = before - (lent - this.#left);
  }

  /** Room of which only so much may be used. */
  share(limit: number): Budget<V> {
    return new Budget(limit, this.measure, this);
  }
}

/** Something to tell: not at all, in a line, or in full. */
export interface Block<V = string> {
  /** Made only while there is room. */
  readonly line: () => V;
  /** Made only when there is room to try; null: the line says it all. */
  readonly full: (() => V) | null;
  chosen: 'none' | 'line' | 'full';
  /** null while it is not told. */
  value: V | null;
}

export const toBlock = <V>(line: () => V, full: (() => V) | null = null): Block<V> => ({ line, full, chosen: 'none', value: null });

// A full form is costly to make (a diff). After so many in a row that were too long, room for another is not to be expected:
// without it, 100,000 changes would be worked out for a text that holds 100.
const MISSES = 20;

/** Lines for as many as fit, in order; the first that does not fit ends it, so that what is left out is the end of the list. */
export function fitLines<V>(blocks: readonly Block<V>[], budget: Budget<V>): void {
  for (const block of blocks) {
    if (block.chosen !== 'none') continue;
    const value = block.line();
    // One for the line's end.
    if (!budget.take(budget.measure(value) + 1)) return;
    block.chosen = 'line';
    block.value = value;
  }
}

/** Full forms in place of lines, in order, where they fit. */
export function fitFull<V>(blocks: readonly Block<V>[], budget: Budget<V>): void {
  let misses = 0;
  for (const block of blocks) {
    if (misses >= MISSES || budget.left <= 0) return;
    if (block.chosen !== 'line' || block.full === null || block.value === null) continue;
    const value = block.full();
    // Two for the blank line around it.
    if (budget.take(budget.measure(value) + 2 - budget.measure(block.value))) {
      block.chosen = 'full';
      block.value = value;
      misses = 0;
    } else {
      misses++;
    }
  }
}

export const leftOut = <V>(blocks: readonly Block<V>[]): number => blocks.filter((block) => block.chosen === 'none').length;

export const withoutFull = <V>(blocks: readonly Block<V>[]): number =>
  blocks.filter((block) => block.chosen === 'line' && block.full !== null).length;

/** What is told of them, in order. */
export const toldOf = <V>(blocks: readonly Block<V>[]): V[] =>
  blocks.flatMap((block) => (block.chosen === 'none' || block.value === null ? [] : [block.value]));
