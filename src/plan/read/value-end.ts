// Where a JSON value that arrives in pieces ends. Looks at brackets and quotes only; whether the value is good is JSON.parse's question.
// Every byte is looked at once, wherever the pieces are cut. No I/O.

export interface ValueEnd {
  /**
   * Goes on from where it stopped.
   * @param at  where it stopped, or the first byte of the value; the bytes may have moved since
   * @returns true: the value ends at `at`; false: it goes on
   */
  find(bytes: Uint8Array, at: number, end: number): boolean;
  /** May lie behind the end of the bytes, when they end within an escape. */
  readonly at: number;
  readonly newlines: number;
  readonly isTooDeep: boolean;
  /** A number of 16 characters or more, or with an exponent, stands outside of strings. */
  readonly hasLongNumbers: boolean;
}

/** A double holds any 15 digits. */
const LONG_NUMBER = 16;

const [QUOTE, BACKSLASH, DOT] = [0x22, 0x5c, 0x2e];
// What a byte means outside of strings.
const [PLAIN, STRING, OPEN, CLOSE, LINE, NUMBER] = [0, 1, 2, 3, 4, 5];
const MEANING = new Uint8Array(256);
for (const [meaning, characters] of [
  [STRING, '"'],
  [OPEN, '[{'],
  [CLOSE, ']}'],
  [LINE, '\n'],
  [NUMBER, '-0123456789'],
] as const) {
  for (const character of characters) MEANING[character.charCodeAt(0)] = meaning;
}

/**
 * @param first  its first byte
 * @param levels  how many levels it may nest
 * @returns null: no value begins so
 */
export function createValueEnd(first: number, levels: number): ValueEnd | null {
  const meaning = MEANING[first];
  if (meaning === OPEN || meaning === STRING) return new ContainerEnd(levels);
  // A number, true, false or null.
  return meaning === NUMBER || first === 0x74 || first === 0x66 || first === 0x6e ? new WordEnd(meaning === NUMBER) : null;
}

class ContainerEnd implements ValueEnd {
  at = 0;
  newlines = 0;
  isTooDeep = false;
  hasLongNumbers = false;
  #depth = 0;
  #inString = false;
  /** Characters so far of the number in which the last piece ended. */
  #digits = 0;
  readonly #levels: number;

  constructor(levels: number) {
    this.#levels = levels;
  }

  find(bytes: Uint8Array, at: number, end: number): boolean {
    let i = at;
    let depth = this.#depth;
    let inString = this.#inString;
    let digits = this.#digits;
    let isComplete = false;
    while (i < end) {
      if (inString) {
        const byte = bytes[i];
        if (byte === BACKSLASH) i += 2;
        else {
          i += 1;
          if (byte === QUOTE) {
            inString = false;
            if (depth === 0) {
              isComplete = true;
              break;
            }
          }
        }
        continue;
      }
      const byte = bytes[i] ?? 0;
      const meaning = MEANING[byte] ?? PLAIN;
      if (meaning === NUMBER || (digits > 0 && (byte === DOT || (byte | 0x20) === 0x65))) {
        digits += 1;
        if (digits >= LONG_NUMBER || (byte | 0x20) === 0x65) this.hasLongNumbers = true;
        i += 1;
        continue;
      }
      digits = 0;
      i += 1;
      if (meaning === PLAIN) continue;
      if (meaning === STRING) inString = true;
      else if (meaning === LINE) this.newlines += 1;
      else if (meaning === OPEN) {
        depth += 1;
        if (depth > this.#levels) {
          this.isTooDeep = true;
          break;
        }
      } else {
        depth -= 1;
        if (depth <= 0) {
          isComplete = true;
          break;
        }
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#digits = digits;
    this.at = i;
    return isComplete;
  }
}

class WordEnd implements ValueEnd {
  at = 0;
  readonly newlines = 0;
  readonly isTooDeep = false;
  hasLongNumbers = false;
  readonly #isNumber: boolean;
  #length = 0;

  constructor(isNumber: boolean) {
    this.#isNumber = isNumber;
  }

  find(bytes: Uint8Array, at: number, end: number): boolean {
    let i = at;
    for (; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte <= 0x20) break;
      if (this.#isNumber && (byte | 0x20) === 0x65) this.hasLongNumbers = true;
    }
    this.#length += i - at;
    if (this.#isNumber && this.#length >= LONG_NUMBER) this.hasLongNumbers = true;
    this.at = i;
    return i < end;
  }
}
