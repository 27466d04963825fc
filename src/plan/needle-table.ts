// The needles of a search as numbers: a plan of 100k resources has half a million spellings of its secrets, and as texts, each in a map,
// they take a hundred megabytes. Kept of each are its length, the hash of one window of it with its place, and two hashes of the whole.
// Pure.
//
// A text that is a needle has these numbers, so no needle is ever missed. A text that is none and has them all the same (64 bits, and
// the 32 of the window) is hidden: too much, never too little.

// Taken once: inside a vm context, such as a test runner's, each look at a global costs more than the whole step.
const { imul } = Math;

/** Of the hash of a window, which a search rolls over a text. */
export const WINDOW_BASE = 0x01000193;
// A needle that shares its windows with many others is looked at here no longer than this: adding stays linear.
const WINDOWS_LOOKED_AT = 96;
/** More needles than so many under one window are not counted. */
const CROWD = 32;

// Of each needle, one after the other.
const [WINDOW, OFFSET, LENGTH, FIRST, SECOND, NEXT_OF_WINDOW, NEXT_OF_WHOLE, FIELDS] = [0, 1, 2, 3, 4, 5, 6, 7];
const NONE = -1;

export class NeedleTable {
  readonly #window: number;
  #fields = new Int32Array(FIELDS * 64);
  #count = 0;
  /** Chains of needles with the same window, and with the same whole; as many as there is room for needles, a power of two. */
  #byWindow = new Int32Array(64).fill(NONE);
  #byWhole = new Int32Array(64).fill(NONE);

  /** @param window  characters of a window, the length of the shortest needle */
  constructor(window: number) {
    this.#window = window;
  }

  get size(): number {
    return this.#count;
  }

  /** @returns the hash of the window under which it is filed; null when it is there already */
  add(needle: string): number | null {
    const [first, second] = [firstHash(needle, 0, needle.length), secondHash(needle, 0, needle.length)];
    if (this.#holds(needle, first, second)) return null;
    if (this.#count === this.#byWindow.length) this.#grow();
    const { hash, offset } = this.#leastCrowded(needle);
    this.#fields.set([hash, offset, needle.length, first, second], this.#count * FIELDS);
    this.#file(this.#count);
    this.#count += 1;
    return hash;
  }

  /** The needles that are filed under the hash of a window: -1 ends them. */
  firstOf(hash: number): number {
    return this.#byWindow[chainOf(hash, this.#byWindow.length)] ?? NONE;
  }

  nextOf = (needle: number): number => this.#field(needle, NEXT_OF_WINDOW);
  windowOf = (needle: number): number => this.#field(needle, WINDOW);
  offsetOf = (needle: number): number => this.#field(needle, OFFSET);
  lengthOf = (needle: number): number => this.#field(needle, LENGTH);

  /** Does the needle stand in the text at this place? Its window does. */
  standsAt(needle: number, text: string, start: number): boolean {
    const end = start + this.#field(needle, LENGTH);
    return firstHash(text, start, end) === this.#field(needle, FIRST) && secondHash(text, start, end) === this.#field(needle, SECOND);
  }

  #field(needle: number, field: number): number {
    return this.#fields[needle * FIELDS + field] ?? NONE;
  }

  /** Not by its hashes alone: what is taken for known here must be found by the window that is filed. */
  #holds(needle: string, first: number, second: number): boolean {
    for (let at = this.#byWhole[chainOf(first ^ second, this.#byWhole.length)] ?? NONE; at !== NONE; at = this.#field(at, NEXT_OF_WHOLE)) {
      if (
        this.#field(at, FIRST) === first &&
        this.#field(at, SECOND) === second &&
        this.#field(at, LENGTH) === needle.length &&
        this.#field(at, WINDOW) === this.#hashOf(needle, this.#field(at, OFFSET))
      )
        return true;
    }
    return false;
  }

  #hashOf(text: string, offset: number): number {
    let hash = 0;
    for (let i = offset; i < offset + this.#window; i++) hash = (imul(hash, WINDOW_BASE) + text.charCodeAt(i)) | 0;
    return hash;
  }

  // From the end: secrets of one kind tend to begin alike ("AKIA", "arn:aws:", "KEY_0=").
  #leastCrowded(needle: string): { hash: number; offset: number } {
    let best = { hash: 0, offset: 0, crowd: Infinity };
    const last = needle.length - this.#window;
    for (let offset = last; offset >= 0 && offset > last - WINDOWS_LOOKED_AT; offset--) {
      const hash = this.#hashOf(needle, offset);
      const crowd = this.#crowdOf(hash);
      if (crowd < best.crowd) best = { hash, offset, crowd };
      if (crowd === 0) break;
    }
    return best;
  }

  #crowdOf(hash: number): number {
    let crowd = 0;
    for (let at = this.firstOf(hash); at !== NONE && crowd < CROWD; at = this.nextOf(at)) crowd += 1;
    return crowd;
  }

  #file(needle: number): void {
    const place = needle * FIELDS;
    const window = chainOf(this.#fields[place + WINDOW] ?? 0, this.#byWindow.length);
    const whole = chainOf((this.#fields[place + FIRST] ?? 0) ^ (this.#fields[place + SECOND] ?? 0), this.#byWhole.length);
    this.#fields[place + NEXT_OF_WINDOW] = this.#byWindow[window] ?? NONE;
    this.#fields[place + NEXT_OF_WHOLE] = this.#byWhole[whole] ?? NONE;
    this.#byWindow[window] = needle;
    this.#byWhole[whole] = needle;
  }

  #grow(): void {
    const room = this.#byWindow.length * 2;
    const fields = new Int32Array(FIELDS * room);
    fields.set(this.#fields);
    this.#fields = fields;
    this.#byWindow = new Int32Array(room).fill(NONE);
    this.#byWhole = new Int32Array(room).fill(NONE);
    for (let needle = 0; needle < this.#count; needle++) this.#file(needle);
  }
}

// The upper bits of a multiplicative hash are the mixed ones.
const chainOf = (hash: number, room: number): number => imul(hash, 0x9e3779b1) >>> (Math.clz32(room) + 1);

function firstHash(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (imul(hash, 0x2c1b3c6d) + text.charCodeAt(i)) | 0;
  return hash;
}

function secondHash(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) {
    hash = imul(hash ^ text.charCodeAt(i), 0x297a2d39);
    hash ^= hash >>> 15;
  }
  return hash;
}
