// The bytes of a plan document on their way in, as UTF-8: size limit, byte order marks, encoding. What they mean is json-splitter.ts.
import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { isErrorLike } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** Of a document. Nothing of ours grows with it but the plan itself; the largest plan that we know of has 0.6 GB. */
export const MAX_PLAN_BYTES = 4 * 2 ** 30;

/** As many as it takes to recognise what is no plan: 4,000 characters. */
const BEGINNING_BYTES = 16_000;
const LONGEST_MARK = 3;
const NOTHING = new Uint8Array(0);

export const BINARY_HINT = 'A binary plan file (`terraform plan -out`) has to be converted first.';

export interface PlanBytes {
  /** @returns the bytes in UTF-8 without a byte order mark: perhaps fewer, perhaps none yet */
  push(chunk: Uint8Array): Result<Uint8Array, Diagnostic[]>;
  end(): Result<Uint8Array, Diagnostic[]>;
  /** The text as far as it takes to recognise what it is; grows until `knowsBeginning`. */
  beginning(): string;
  knowsBeginning(): boolean;
  /** That arrived so far. */
  size(): number;
}

export function createPlanBytes(maxBytes: number): PlanBytes {
  let size = 0;
  /** null: not enough bytes yet to see a byte order mark. */
  let decode: Decode | null = null;
  let held: Uint8Array = NOTHING;
  let beginning: Uint8Array = NOTHING;

  function pass(chunk: Uint8Array, isLast: boolean): Result<Uint8Array, Diagnostic[]> {
    let bytes = chunk;
    if (decode === null) {
      bytes = held = held.length === 0 ? new Uint8Array(chunk) : Buffer.concat([held, chunk]);
      if (held.length < LONGEST_MARK && !isLast) return ok(NOTHING);
      const { encoding, mark } = encodingOf(held);
      decode = encoding === 'utf-8' ? checkedUtf8() : transcoded(encoding);
      bytes = held.subarray(mark);
    }
    const decoded = decode(bytes, isLast);
    if (decoded.ok && beginning.length < BEGINNING_BYTES)
      beginning = Buffer.concat([beginning, decoded.value.subarray(0, BEGINNING_BYTES - beginning.length)]);
    return decoded;
  }

  return {
    push(chunk) {
      size += chunk.length;
      if (size > maxBytes)
        return problem('The plan is too large', `It is larger than ${maxBytes.toLocaleString('en')} bytes, the limit of this reader.`);
      return pass(chunk, false);
    },
    end() {
      if (size === 0) return problem('The plan is empty', 'No bytes arrived where a plan in JSON was expected (`terraform show -json`).');
      return pass(NOTHING, true);
    },
    beginning: () => Buffer.from(beginning).toString('utf8'),
    size: () => size,
    knowsBeginning: () => beginning.length >= BEGINNING_BYTES,
  };
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';
type Decode = (bytes: Uint8Array, isLast: boolean) => Result<Uint8Array, Diagnostic[]>;

// PowerShell's ">" writes UTF-16 with a byte order mark.
function encodingOf(bytes: Uint8Array): { encoding: Encoding; mark: number } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  return { encoding: 'utf-8', mark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0 };
}

/** Lets through what is UTF-8. A character that the end of a chunk cuts is looked at when its rest is here. */
function checkedUtf8(): Decode {
  let cut: Uint8Array = NOTHING;
  return (bytes, isLast) => {
    // The cut character, and so much of what follows as it may need, are looked at apart: the chunk itself is not copied.
    const joined = cut.length === 0 ? NOTHING : Buffer.concat([cut, bytes.subarray(0, 4)]);
    const needed = cut.length === 0 ? 0 : sequenceLength(cut[0] ?? 0) - cut.length;
    if (needed > bytes.length && !isLast) {
      cut = joined;
      return ok(bytes);
    }
    const whole = bytes.length - cutAtEnd(bytes.subarray(needed));
    const isGood =
      isUtf8(joined.subarray(0, cut.length + needed)) && isUtf8(bytes.subarray(needed, whole)) && !(isLast && whole < bytes.length);
    cut = new Uint8Array(bytes.subarray(whole));
    return isGood ? ok(bytes) : notText('utf-8');
  };
}

/** How many bytes at the end begin a character that is not complete. */
function cutAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

const sequenceLength = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

function transcoded(encoding: Encoding): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes, isLast) => {
    try {
      return ok(Buffer.from(decoder.decode(bytes, { stream: !isLast }), 'utf8'));
    } catch (thrown) {
      if (!isErrorLike(thrown) || thrown.name !== 'TypeError') throw thrown;
      return notText(encoding);
    }
  };
}

const notText = (encoding: Encoding): Result<never, Diagnostic[]> =>
  problem(`The plan is not ${encoding.toUpperCase()} text`, `Write it with \`terraform show -json\`. ${BINARY_HINT}`);

const problem = (summary: string, detail: string): Result<never, Diagnostic[]> => err([{ severity: 'error', summary, detail, path: '' }]);
