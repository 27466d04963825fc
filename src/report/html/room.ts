// How much a page may hold. A report is written in pieces and never held whole, so what is told is decided as it is written: bodies
// stop first, then lines, and the rest of the page always has its place. Pure.
import { markup, type Html } from './markup.ts';

/** Of the room: bodies and lines of resources leave some for the parts after them. */
const SHARES = { full: 0.85, line: 0.95, part: 1 } as const;
export type Form = keyof typeof SHARES;

export class Room {
  readonly #limit: number;
  #used = 0;
  #leftOut = 0;

  /** @param limit  bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Things that are told shorter, or only counted. */
  get leftOut(): number {
    return this.#leftOut;
  }

  missed(count: number): void {
    this.#leftOut += count;
  }

  /** Is there room for more of this form? Asked before it is made, because a diff is costly. */
  has(form: Form): boolean {
    return this.#used < this.#limit * SHARES[form];
  }

  /** @returns the piece, counted; null: it does not fit */
  take(piece: Html, form: Form): string | null {
    const text = `${piece.text}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#used + bytes > this.#limit * SHARES[form]) return null;
    this.#used += bytes;
    return text;
  }

  /** What a page is not one without: counted, never left out. */
  must(piece: Html): string {
    if (piece.text === '') return '';
    const text = `${piece.text}\n`;
    this.#used += Buffer.byteLength(text);
    return text;
  }
}

/** A list of as many items as there is room for; then how many more there are. Items are made one by one. */
export function* list(items: Iterable<() => Html>, room: Room, what: string): Generator<string> {
  let told = 0;
  let missing = 0;
  for (const item of items) {
    const text = missing > 0 || !room.has('part') ? null : room.take(item(), 'part');
    if (text === null) missing++;
    else yield told++ === 0 ? `<ul class="items">\n${text}` : text;
  }
  if (told > 0) yield '</ul>\n';
  room.missed(missing);
  if (missing > 0) yield room.must(markup`<p class="cut">Left out for length: ${missing} of ${what}.</p>`);
}
