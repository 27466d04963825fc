// The text of a report from its bytes. Pure.
import { err, ok, type Result } from '../../base/result.ts';

const MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  // `>` in Windows PowerShell writes this.
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** @returns a sentence when the bytes are no text. What is not UTF-8 in the middle of a text becomes U+FFFD: only a message suffers. */
export function decodeReport(bytes: Buffer): Result<string, string> {
  const encoding = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0] ?? 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) return err('The report is binary, or text in an encoding without a mark. Write it as UTF-8');
  return ok(text);
}
