// The bytes of a plan document as one text: size limit, byte order marks, nesting limit. What the text means is read-plan.ts.
import { constants } from 'node:buffer';
import type { Diagnostic } from '../base/diagnostics.ts';
import { isErrorLike } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';

/** V8 holds no longer string (about 512 MiB); reading element by element will lift it. */
export const MAX_PLAN_BYTES = constants.MAX_STRING_LENGTH;
/** Real plans nest some 20 levels. Everything that walks values recursively, here and in other people's tools, survives this many. */
export const MAX_PLAN_DEPTH = 500;

export async function readPlanText(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Result<string, Diagnostic[]>> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    // Leaving the loop ends the stream, so that the rest is not even fetched.
    if (size > maxBytes)
      return problem('The plan is too large', `It is larger than ${maxBytes.toLocaleString('en')} bytes, the limit of this reader.`);
    kept.push(chunk);
  }
  if (size === 0) return problem('The plan is empty', 'No bytes arrived where a plan in JSON was expected (`terraform show -json`).');

  const bytes = kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept, size);
  kept.length = 0;
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (thrown) {
    if (!isErrorLike(thrown) || thrown.name !== 'TypeError') throw thrown;
    return problem(`The plan is not ${encoding.toUpperCase()} text`, `Write it with \`terraform show -json\`. ${BINARY_HINT}`);
  }
  if (text.trim() === '') return problem('The plan is empty', 'There is only white space where a plan in JSON was expected.');
  const deep = nestsDeeperThan(encoding === 'utf-8' ? bytes : new TextEncoder().encode(text), MAX_PLAN_DEPTH);
  if (deep) return problem('The plan nests too deeply', `Lists and maps stand more than ${MAX_PLAN_DEPTH} levels deep; no real plan does.`);
  return ok(text);
}

export const BINARY_HINT = 'A binary plan file (`terraform plan -out`) has to be converted first.';

const problem = (summary: string, detail: string): Result<never, Diagnostic[]> => err([{ severity: 'error', summary, detail, path: '' }]);

// PowerShell's ">" writes UTF-16 with a byte order mark.
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Looks at brackets outside of strings only; whether the text is JSON is the parser's question. */
function nestsDeeperThan(utf8: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < utf8.length; i++) {
    const byte = utf8[i];
    if (byte === QUOTE) {
      i = endOfString(utf8, i);
      if (i < 0) return false;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

// indexOf runs in native code; most bytes of a plan stand in strings.
function endOfString(utf8: Uint8Array, start: number): number {
  let end = utf8.indexOf(QUOTE, start + 1);
  while (end >= 0) {
    let backslashes = 0;
    while (utf8[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = utf8.indexOf(QUOTE, end + 1);
  }
  return -1;
}
