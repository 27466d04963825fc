// What a program printed: stdout in whole (it may be a report), and the end of both streams for a person.
//
// The end is kept line by line. Half a line may be half a secret, which no masker finds: so a line that was cut off is left out, and what
// the other stream prints meanwhile does not get into the midst of one.

export interface Output {
  /** @returns how many bytes of this stream there were until now */
  add(stream: Stream, chunk: Buffer): number;
  all(): { stdout: Buffer; tail: string };
  tail(): string;
}
type Stream = 'stdout' | 'stderr';

const TAIL_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export function createOutput(): Output {
  const stdout: Buffer[] = [];
  const sizes = { stdout: 0, stderr: 0 };
  const open = { stdout: createOpenLine(), stderr: createOpenLine() };
  let recent: Buffer[] = [];
  let recentBytes = 0;

  const keep = (lines: Buffer): void => {
    recent.push(lines);
    recentBytes += lines.length;
    if (recentBytes <= 8 * TAIL_BYTES) return;
    // Twice, so that the line that is cut through here is cut off below.
    recent = [Buffer.concat(recent).subarray(-2 * TAIL_BYTES)];
    recentBytes = 2 * TAIL_BYTES;
  };

  const tail = (): string => {
    const bytes = Buffer.concat([...recent, ...[open.stdout.text(), open.stderr.text()].flatMap((line) => [line, Buffer.from('\n')])]);
    if (bytes.length <= TAIL_BYTES) return bytes.toString('utf8');
    const end = bytes.subarray(-TAIL_BYTES);
    const firstEnd = end.indexOf(NEWLINE);
    return end.subarray(firstEnd + 1).toString('utf8');
  };

  return {
    add(stream, chunk) {
      if (stream === 'stdout') stdout.push(chunk);
      const lines = open[stream].add(chunk);
      if (lines.length > 0) keep(lines);
      return (sizes[stream] += chunk.length);
    },
    all: () => ({ stdout: Buffer.concat(stdout), tail: tail() }),
    tail,
  };
}

/** The line of a stream that has no end yet. One that is longer than is ever shown is left out as a whole. */
function createOpenLine(): { add(chunk: Buffer): Buffer; text(): Buffer } {
  let parts: Buffer[] = [];
  let length = 0;
  let isTooLong = false;
  const hold = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
    if (length <= TAIL_BYTES) return;
    isTooLong = true;
    parts = [];
  };
  return {
    /** @returns the lines that are whole now */
    add(chunk) {
      const lastEnd = chunk.lastIndexOf(NEWLINE);
      if (lastEnd < 0) {
        if (!isTooLong) hold(chunk);
        return Buffer.alloc(0);
      }
      const ended = chunk.subarray(0, lastEnd + 1);
      const lines = isTooLong ? ended.subarray(ended.indexOf(NEWLINE) + 1) : Buffer.concat([...parts, ended]);
      [parts, length, isTooLong] = [[], 0, false];
      hold(chunk.subarray(lastEnd + 1));
      return lines;
    },
    text: () => Buffer.concat(parts),
  };
}
