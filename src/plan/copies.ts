// Finds copies of a plan's secrets in a text: what is hidden within it, in whatever spelling. No I/O.
import { createDigestFinder } from './secret-digests.ts';
import { bareForms, secretForms, withoutBackslashes } from './secret-forms.ts';
import { createSecretSearch, merge, type TextRange } from './secret-search.ts';
import { MIN_COPY_LENGTH, MIN_INNER_LENGTH, type SecretValues } from './secret-values.ts';

const BACKSLASH = 0x5c;
/** Not of any length: such an expression remembers each character, and one run of 5 MB is too much for it. */
const HEX_BEGIN = new RegExp(`[0-9A-Fa-f]{${2 * MIN_INNER_LENGTH}}`, 'g');
const NOT_HEX = /[^0-9A-Fa-f]/g;
const NO_RANGES: readonly TextRange[] = [];

export interface CopyFinder {
  /** Is the text as a whole a marked value, or a digest of one? */
  isCopy(text: string): boolean;
  /** Copies of long secrets anywhere in the text. */
  inside(text: string): readonly TextRange[];
  /** The same, and short secrets where they stand as words. */
  insideProse(text: string): readonly TextRange[];
}

export function createCopyFinder({ whole, parts }: SecretValues): CopyFinder {
  const long = createSecretSearch(MIN_INNER_LENGTH);
  const bare = createSecretSearch(MIN_INNER_LENGTH);
  const words = createSecretSearch(MIN_COPY_LENGTH);
  const digests = createDigestFinder(whole);
  for (const secret of whole) {
    if (secret.length < MIN_INNER_LENGTH) {
      words.add(secret);
      continue;
    }
    for (const form of secretForms(secret)) long.add(form);
    for (const form of bareForms(secret)) bare.add(form);
  }
  // Parts are many (each line of each file) and their whole is looked for in every encoding: plain is enough.
  for (const part of parts) {
    long.add(part);
    for (const form of bareForms(part)) bare.add(form);
  }

  function inside(text: string): readonly TextRange[] {
    const ranges = long.find(text);
    const inHex = insideHex(text);
    const found = text.includes('\\') ? bare.find(withoutBackslashes(text)) : [];
    return inHex.length + found.length === 0 ? ranges : merge([...ranges, ...inHex, ...withBackslashes(text, found)]);
  }

  // Read instead of written: two more spellings of every secret would cost more than a look into the few runs of hexadecimal digits.
  function insideHex(text: string): readonly TextRange[] {
    const ranges: TextRange[] = [];
    for (const [start, end] of hexRuns(text)) {
      const run = text.slice(start, end);
      if ([run, run.slice(1)].some((digits) => long.find(Buffer.from(digits, 'hex').toString()).length > 0)) ranges.push([start, end]);
    }
    return ranges.length === 0 ? NO_RANGES : ranges;
  }

  return {
    inside,
    isCopy: (text) => whole.has(text) || digests.isDigest(text),
    insideProse: (text) => merge([...inside(text), ...words.find(text).filter((range) => isWord(text, range))]),
  };
}

function* hexRuns(text: string): Generator<TextRange> {
  for (let from = 0; from < text.length;) {
    HEX_BEGIN.lastIndex = from;
    const start = HEX_BEGIN.exec(text)?.index;
    if (start === undefined) return;
    NOT_HEX.lastIndex = start;
    from = NOT_HEX.exec(text)?.index ?? text.length;
    yield [start, from];
  }
}

function isWord(text: string, [start, end]: TextRange): boolean {
  const isPartOfWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  return !isPartOfWord(text[start - 1]) && !isPartOfWord(text[end]);
}

/** Ranges of the text without backslashes, as ranges of the text itself. */
function withBackslashes(text: string, ranges: readonly TextRange[]): TextRange[] {
  const wanted = ranges.flatMap(([start, end]) => [start, end - 1]);
  const places: number[] = [];
  let counted = 0;
  for (let i = 0; i < text.length && places.length < wanted.length; i++) {
    if (text.charCodeAt(i) === BACKSLASH) continue;
    while (wanted[places.length] === counted) places.push(i);
    counted += 1;
  }
  return ranges.map((_, i) => [places[2 * i] ?? 0, (places[2 * i + 1] ?? text.length - 1) + 1]);
}
