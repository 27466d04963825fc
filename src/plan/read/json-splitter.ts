// Takes a JSON document apart while it arrives: large lists and maps are opened, and each element is handed on as one small value.
// Strict: whatever is no JSON is refused with its place, wherever it stands. Holds one value at a time. No I/O.
//
// The structure that is opened is walked here, byte by byte; a value that is taken whole is only looked over for its end, and JSON.parse
// says whether it is good. So nothing is parsed twice, and no byte is passed unseen.
import { constants } from 'node:buffer';
import { isErrorLike } from '../../base/fault.ts';
import type { Json } from '../../contracts/json.ts';
import { findJsonFault, JSON_PROBLEMS, type JsonFault } from '../json-fault.ts';
import { createValueEnd, type ValueEnd } from './value-end.ts';

/** Real plans nest some 20 levels. Everything that walks values recursively, here and in other people's tools, survives this many. */
export const MAX_PLAN_DEPTH = 500;

/** A value that was taken whole. */
export interface Part {
  /** Valid during the call only. */
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly value: Json;
  /** A number stands in it that a double may not hold. */
  readonly hasLongNumbers: boolean;
}

/** What is to be done with a value of the document, by what it is. */
export interface Shape {
  whole(part: Part): void;
  /** Called where a list begins, to be opened: the shapes of its elements. Absent: a list is taken whole. */
  list?(): (index: number) => Shape;
  /** Called where a map begins, to be opened: the shapes of its values. Absent: a map is taken whole. */
  map?(): (key: string) => Shape;
}

/** Why the document is refused. */
export type Refusal =
  | ({ readonly kind: 'fault' } & JsonFault)
  | { readonly kind: 'empty' }
  | { readonly kind: 'deep' }
  /** @property path  as `resource_changes[17]` */
  | { readonly kind: 'large'; readonly path: string };

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'separator';

type Frame =
  | { readonly kind: 'list'; readonly shapeOf: (index: number) => Shape; step: number }
  | { readonly kind: 'map'; readonly shapeOf: (key: string) => Shape; step: string; readonly opened: Set<string> };

const STEP = 1 << 20;
const QUOTE = 0x22;
const NEWLINE = 0x0a;
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP, COMMA, COLON] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x3a];

export class JsonSplitter {
  readonly #root: Shape;
  readonly #maxPart: number;
  #frames: Frame[] = [];
  #expected: Expected = 'value';
  /** Looks for the end of the value or key that begins at `#from`; null: between values. */
  #inside: ValueEnd | null = null;

  // Bytes from `#from` to `#end` of the window are still needed; `#at` is where the walk stands.
  #window: Buffer = Buffer.allocUnsafe(1 << 16);
  #from = 0;
  #at = 0;
  #end = 0;

  #line = 1;
  /** Place in the window of a line's first column; moves on by what a character takes more in bytes than in UTF-16 units. */
  #lineStart = 0;

  /** @param maxPart  bytes of one value; V8 holds no longer text (about 512 MiB) */
  constructor(root: Shape, maxPart: number = constants.MAX_STRING_LENGTH) {
    this.#root = root;
    this.#maxPart = maxPart;
  }

  /** @returns null: so far, so good */
  push(utf8: Uint8Array): Refusal | null {
    // A document that arrives in one piece is not copied in one piece.
    for (let at = 0; at < utf8.length; at += STEP) {
      this.#append(utf8.subarray(at, at + STEP));
      const refusal = this.#walk(false);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  end(): Refusal | null {
    return this.#walk(true);
  }

  /** Each byte is moved a bounded number of times, however long a value is and however small the chunks. */
  #append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#window.length) {
      const kept = this.#end - this.#from;
      const needed = kept + bytes.length;
      // Half of it free again, or twice as large.
      const target = needed * 2 <= this.#window.length ? this.#window : Buffer.allocUnsafe(Math.max(needed * 2, this.#window.length));
      this.#window.copy(target, 0, this.#from, this.#end);
      this.#window = target;
      this.#at -= this.#from;
      this.#lineStart -= this.#from;
      this.#end = kept;
      this.#from = 0;
    }
    this.#window.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #walk(isLast: boolean): Refusal | null {
    for (;;) {
      if (this.#inside !== null) {
        const refusal = this.#goOn(this.#inside, isLast);
        if (refusal !== null) return refusal;
        if (this.#inside !== null) return null;
        continue;
      }
      this.#skipSpace();
      this.#from = this.#at;
      if (this.#at >= this.#end) return isLast ? this.#atEnd() : null;
      const refusal = this.#step(this.#window[this.#at] ?? 0);
      if (refusal !== null) return refusal;
    }
  }

  #atEnd(): Refusal | null {
    if (this.#frames.length > 0) return this.#fault(JSON_PROBLEMS.ended);
    return this.#expected === 'separator' ? null : { kind: 'empty' };
  }

  #step(byte: number): Refusal | null {
    const frame = this.#frames.at(-1);
    switch (this.#expected) {
      case 'separator':
        if (frame === undefined) return this.#fault(JSON_PROBLEMS.follows);
        if (byte === COMMA) return this.#advance(frame.kind === 'map' ? 'key' : 'value');
        if (byte === (frame.kind === 'map' ? CLOSE_MAP : CLOSE_LIST)) return this.#close();
        return this.#fault(JSON_PROBLEMS.separator);
      case 'colon':
        return byte === COLON ? this.#advance('value') : this.#fault(JSON_PROBLEMS.colon);
      case 'key or end':
        if (byte === CLOSE_MAP) return this.#close();
        return byte === QUOTE ? this.#begin(byte) : this.#fault(JSON_PROBLEMS.key);
      case 'key':
        return byte === QUOTE ? this.#begin(byte) : this.#fault(JSON_PROBLEMS.key);
      case 'value or end':
        return byte === CLOSE_LIST ? this.#close() : this.#value(byte, frame);
      case 'value':
        return this.#value(byte, frame);
    }
  }

  #value(byte: number, frame: Frame | undefined): Refusal | null {
    if (frame?.kind === 'list') frame.step += 1;
    if (byte !== OPEN_LIST && byte !== OPEN_MAP) return this.#begin(byte);
    const shape = this.#shape();
    const isList = byte === OPEN_LIST;
    if (isList ? shape.list === undefined : shape.map === undefined) return this.#begin(byte);
    if (this.#frames.length >= MAX_PLAN_DEPTH) return { kind: 'deep' };
    if (frame?.kind === 'map') frame.opened.add(frame.step);
    if (shape.list !== undefined && isList) this.#frames.push({ kind: 'list', shapeOf: shape.list(), step: -1 });
    else if (shape.map !== undefined) this.#frames.push({ kind: 'map', shapeOf: shape.map(), step: '', opened: new Set() });
    return this.#advance(isList ? 'value or end' : 'key or end');
  }

  #shape(): Shape {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#root;
    return frame.kind === 'list' ? frame.shapeOf(frame.step) : frame.shapeOf(frame.step);
  }

  #advance(expected: Expected): null {
    this.#at += 1;
    this.#expected = expected;
    return null;
  }

  #close(): null {
    this.#frames.pop();
    return this.#advance('separator');
  }

  #begin(byte: number): Refusal | null {
    const end = createValueEnd(byte, MAX_PLAN_DEPTH - this.#frames.length);
    if (end === null) return this.#fault(JSON_PROBLEMS.value);
    this.#inside = end;
    return null;
  }

  /** Looks for the end of the value that is begun, and hands it on when it is here. */
  #goOn(value: ValueEnd, isLast: boolean): Refusal | null {
    const isComplete = value.find(this.#window, this.#at, this.#end);
    this.#at = value.at;
    if (value.isTooDeep) return { kind: 'deep' };
    if (this.#at - this.#from > this.#maxPart) return { kind: 'large', path: this.#path() };
    const isKey = this.#expected === 'key' || this.#expected === 'key or end';
    if (!isComplete && !isLast) return null;
    // The end of the document ends a number or a word, and cuts everything else.
    this.#at = Math.min(this.#at, this.#end);
    const text = this.#window.toString('utf8', this.#from, this.#at);
    const parsed = parse(text);
    if (parsed === undefined) return isKey ? this.#faultAt(this.#from, JSON_PROBLEMS.key) : this.#faultWithin(text);
    const bytes = this.#window.subarray(this.#from, this.#at);
    this.#countLines(value, text);
    this.#inside = null;
    this.#from = this.#at;
    if (isKey) return this.#key(String(parsed));
    this.#expected = 'separator';
    this.#shape().whole({ bytes, text, value: parsed, hasLongNumbers: value.hasLongNumbers });
    return null;
  }

  #key(key: string): Refusal | null {
    const frame = this.#frames.at(-1);
    if (frame?.kind === 'map') {
      // Its elements are already told of, and readers do not agree which of two equal keys counts.
      if (frame.opened.has(key)) return this.#fault('a large section begins a second time before this place');
      frame.step = key;
    }
    this.#expected = 'colon';
    return null;
  }

  #skipSpace(): void {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#window[this.#at];
      if (byte === NEWLINE) {
        this.#line += 1;
        this.#lineStart = this.#at + 1;
      } else if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return;
    }
  }

  #countLines({ newlines }: ValueEnd, text: string): void {
    const bytes = this.#at - this.#from;
    this.#line += newlines;
    // In UTF-16 units, as editors count.
    if (newlines > 0) this.#lineStart = this.#at - (text.length - text.lastIndexOf('\n') - 1);
    else this.#lineStart += bytes - text.length;
  }

  #fault = (problem: string): Refusal => this.#faultAt(this.#at, problem);

  #faultAt = (place: number, problem: string): Refusal => ({
    kind: 'fault',
    problem,
    line: this.#line,
    column: place - this.#lineStart + 1,
  });

  #faultWithin(text: string): Refusal {
    const follows = this.#frames.length === 0 ? JSON_PROBLEMS.follows : JSON_PROBLEMS.separator;
    // Not null: JSON.parse refused the text.
    const { problem, line, column } = findJsonFault(text, follows) ?? { problem: JSON_PROBLEMS.value, line: 1, column: 1 };
    const before = line === 1 ? this.#from - this.#lineStart : 0;
    return { kind: 'fault', problem, line: this.#line + line - 1, column: before + column };
  }

  #path = (): string =>
    this.#frames.reduce(
      (path, { kind, step }) => (kind === 'list' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${step}`),
      '',
    );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    if (!isErrorLike(thrown) || thrown.name !== 'SyntaxError') throw thrown;
    return undefined;
  }
}
