// The end of what a program printed, where half a line would be half a secret.
import { describe, expect, it } from '@jest/globals';
import { createOutput } from '../../../src/checks/run/output.ts';

type Chunk = readonly ['stdout' | 'stderr', string];
const outputOf = (...chunks: readonly Chunk[]) => {
  const output = createOutput();
  const sizes = chunks.map(([stream, text]) => output.add(stream, Buffer.from(text)));
  const { stdout, tail } = output.all();
  return { sizes, stdout: stdout.toString(), tail };
};

describe('the end of an output', () => {
  it('has the lines of both streams in the order in which they ended, and those without an end', () => {
    expect(outputOf(['stdout', 'a\nb'], ['stderr', 'c\nd'], ['stdout', 'b\ne'])).toEqual({
      sizes: [3, 3, 6],
      stdout: 'a\nbb\ne',
      tail: 'a\nc\nbb\ne\nd\n',
    });
  });

  it('has no secret in halves because the other stream printed meanwhile', () =>
    expect(outputOf(['stdout', 'key: hunter2-'], ['stderr', 'progress\n'], ['stdout', 'hunter2\n']).tail).toBe(
      'progress\nkey: hunter2-hunter2\n\n\n',
    ));

  it.each<[string, readonly Chunk[], string]>([
    ['one line without an end', [['stdout', `hunter2${'x'.repeat(70_000)}`]], '\n\n'],
    ['one line in many parts', Array.from({ length: 70 }, (): Chunk => ['stdout', 'x'.repeat(1000)]), '\n\n'],
    [
      'one line with an end',
      [
        ['stdout', `hunter2${'x'.repeat(70_000)}`],
        ['stdout', 'yy\nlast'],
      ],
      'last\n\n',
    ],
    ['one line in one part', [['stdout', `hunter2${'x'.repeat(70_000)}\nlast`]], 'last\n\n'],
    ['many lines', [['stderr', 'hunter2-hunter2\n'.repeat(100_000)]], `${'hunter2-hunter2\n'.repeat(4095)}\n\n`],
  ])('leaves out what would be cut through: %s', (_what, chunks, tail) => expect(outputOf(...chunks).tail).toBe(tail));
});
