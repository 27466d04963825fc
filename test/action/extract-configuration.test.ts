import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { extractConfiguration } from '../../src/action/extract-configuration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-extract-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Entry = Partial<Header> & { name: string; content?: string };

async function archive(entries: readonly Entry[]): Promise<string> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header as Header, content ?? '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const path = join(folder, 'configuration.tar.gz');
  writeFileSync(path, gzipSync(Buffer.concat(chunks)));
  return path;
}

describe('extractConfiguration', () => {
  it('unpacks files, folders and links that stay inside', async () => {
    const path = await archive([
      { name: './', type: 'directory' },
      { name: './main.tf', content: 'terraform {}' },
      { name: 'modules/net/net.tf', content: '# net' },
      { name: 'shared', type: 'symlink', linkname: 'modules/net' },
    ]);
    const out = join(folder, 'out');
    expect(await extractConfiguration(path, out)).toEqual({ ok: true, value: { files: 2, bytes: 17 } });
    expect(readFileSync(join(out, 'main.tf'), 'utf8')).toBe('terraform {}');
    expect(readlinkSync(join(out, 'shared'))).toBe('modules/net');
  });

  it.each<[string, Entry[], RegExp]>([
    ['a path with ..', [{ name: '../evil.tf', content: 'x' }], /leads out/],
    ['.. in the middle', [{ name: 'a/../../evil.tf', content: 'x' }], /leads out/],
    ['an absolute path', [{ name: '/etc/evil', content: 'x' }], /absolute/],
    ['a drive', [{ name: 'C:/evil', content: 'x' }], /absolute/],
    ['a backslash', [{ name: '..\\evil', content: 'x' }], /character/],
    ['a link to an absolute path', [{ name: 'l', type: 'symlink', linkname: '/etc/passwd' }], /link "l" leads out/],
    ['a link to a parent', [{ name: 'a/l', type: 'symlink', linkname: '../../x' }], /leads out/],
    [
      'a link that climbs from where another link leads',
      [
        { name: 'a/b/s', type: 'symlink', linkname: '../..' },
        { name: 't', type: 'symlink', linkname: 'a/b/s/..' },
      ],
      /link "t" leads out/,
    ],
    [
      'a link through a link',
      [
        { name: 'l', type: 'symlink', linkname: '.' },
        { name: 'l/m', type: 'symlink', linkname: '..' },
      ],
      /through the link/,
    ],
    [
      'a link whose place is a folder with files',
      [
        { name: 'l/f', content: 'x' },
        { name: 'l', type: 'symlink', linkname: 'a' },
      ],
      /EEXIST/,
    ],
    [
      'a file through a link',
      [
        { name: 'l', type: 'symlink', linkname: 'a' },
        { name: 'l/f', content: 'x' },
      ],
      /through the link/,
    ],
    [
      'a file in the place of a link',
      [
        { name: 'l', type: 'symlink', linkname: 'a' },
        { name: 'l', content: 'x' },
      ],
      /through the link/,
    ],
    ['a hard link', [{ name: 'h', type: 'link', linkname: '/etc/passwd' }], /is a link/],
    ['a device', [{ name: 'd', type: 'character-device' }], /character-device/],
    ['a fifo', [{ name: 'p', type: 'fifo' }], /fifo/],
  ])('refuses %s and leaves nothing', async (_, entries, reason) => {
    const out = join(folder, 'out');
    expect(await extractConfiguration(await archive([{ name: 'ok.tf', content: 'fine' }, ...entries]), out)).toEqual({
      ok: false,
      error: expect.stringMatching(reason),
    });
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(folder, 'evil.tf'))).toBe(false);
  });

  it('refuses a bomb before it is written, and too many entries', async () => {
    const path = await archive([
      { name: 'big', content: 'x'.repeat(50_000) },
      { name: 'b', content: '' },
    ]);
    expect(await extractConfiguration(path, join(folder, 'out'), { maxBytes: 10_000, maxEntries: 10 })).toMatchObject({
      ok: false,
      error: expect.stringContaining('more than 10000 bytes'),
    });
    expect(await extractConfiguration(path, join(folder, 'out'), { maxBytes: 1e6, maxEntries: 1 })).toMatchObject({
      ok: false,
      error: expect.stringContaining('more than 1 entries'),
    });
  });

  it('says what is wrong with something that is no archive, or half of one', async () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'not gzip');
    expect(await extractConfiguration(broken, join(folder, 'out'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('incorrect header'),
    });
    const whole = readFileSync(await archive([{ name: 'a', content: 'x'.repeat(5000) }]));
    writeFileSync(broken, whole.subarray(0, whole.length / 2));
    expect(await extractConfiguration(broken, join(folder, 'out'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('unexpected end'),
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
