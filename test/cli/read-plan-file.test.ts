import { describe, expect, it } from '@jest/globals';
import { showProgress } from '../../src/cli/read-plan-file.ts';

const MB = 1024 * 1024;

/** One chunk of a megabyte each second. */
async function told(seconds: number): Promise<{ readonly bytes: number; readonly lines: string[] }> {
  let ms = 0;
  const lines: string[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (; ms < seconds * 1000; ms += 1000) yield await Promise.resolve(new Uint8Array(MB));
  }
  let bytes = 0;
  const stderr = { isTTY: true, write: (text: string) => lines.push(text.replace('\u001b[2K\r', '<')) };
  for await (const chunk of showProgress(chunks(), { name: 'plan\u001b[2J.json', size: seconds * MB, stderr, now: () => ms })) {
    bytes += chunk.length;
  }
  return { bytes, lines };
}

describe('showProgress', () => {
  it('says nothing within two seconds', async () => {
    expect(await told(1)).toEqual({ bytes: MB, lines: [] });
  });

  it('says how far it is after that, with a name that cannot act on the terminal, and takes its line away', async () => {
    expect(await told(4)).toEqual({
      bytes: 4 * MB,
      lines: ['<plan\\u001b[2J.json: 3 of 4 MB read', '<plan\\u001b[2J.json: 4 of 4 MB read', '<'],
    });
  });
});
