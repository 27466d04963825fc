import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { extractArchive } from '../../src/archive/extract-archive.ts';

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

describe('extractArchive', () => {
  it('unpacks files, folders and links that stay inside', async () => {
    const path = await archive([
      { name: './', type: 'directory' },
      { name: './main.tf', content: 'terraform {}' },
      { name: 'modules/net/net.tf', content: '# net' },
      { name: 'shared', type: 'symlink', linkname: 'modules/net' },
    ]);
    const out = join(folder, 'out');
    expect(await extractArchive(path, out)).toEqual({ ok: true, value: { files: 2, bytes: 17, root: null } });
    expect(readFileSync(join(out, 'main.tf'), 'utf8')).toBe('terraform {}');
    expect(readlinkSync(join(out, 'shared'))).toBe('modules/net');
  });

  it.each<[string, Entry[], RegExp]>([
    ['a path with ..', [{ name: '../evil.tf', content: 'x' }], /leads out/],
    ['.. in the middle', [{ name: 'a/../../evil.tf', content: 'x' }], /leads out/],
    ['a path of 400,000 folders', [{ name: 'x', pax: { path: 'a/'.repeat(400_000) + 'x' }, content: 'x' }], /path of 800001 characters/],
    ['a link to one', [{ name: 'l', type: 'symlink', linkname: 'a/'.repeat(400_000) + 'x' }], /link "l" is a path of 800001 characters/],
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
    expect(await extractArchive(await archive([{ name: 'ok.tf', content: 'fine' }, ...entries]), out)).toEqual({
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
    expect(await extractArchive(path, join(folder, 'out'), { limits: { maxBytes: 10_000, maxEntries: 10 } })).toMatchObject({
      ok: false,
      error: expect.stringContaining('more than 10000 bytes'),
    });
    expect(await extractArchive(path, join(folder, 'out'), { limits: { maxBytes: 1e6, maxEntries: 1 } })).toMatchObject({
      ok: false,
      error: expect.stringContaining('more than 1 entries'),
    });
  });

  it('says what is wrong with something that is no archive, or half of one', async () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'not gzip');
    expect(await extractArchive(broken, join(folder, 'out'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('incorrect header'),
    });
    const whole = readFileSync(await archive([{ name: 'a', content: 'x'.repeat(5000) }]));
    writeFileSync(broken, whole.subarray(0, whole.length / 2));
    expect(await extractArchive(broken, join(folder, 'out'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('unexpected end'),
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe('extractArchive, of an archive with one root folder', () => {
  const unpack = async (entries: readonly Entry[]): Promise<unknown> =>
    extractArchive(await archive(entries), join(folder, 'out'), { stripRoot: true });

  it('leaves that folder out and names it', async () => {
    const entries = [
      { name: 'acme-policies-1a2b3c4/', type: 'directory' as const },
      { name: 'acme-policies-1a2b3c4/.runtask/checks.yml', content: 'version: 1' },
      { name: 'acme-policies-1a2b3c4/lib/l', type: 'symlink' as const, linkname: '../.runtask' },
    ];
    expect(await unpack(entries)).toEqual({ ok: true, value: { files: 1, bytes: 10, root: 'acme-policies-1a2b3c4' } });
    expect(readFileSync(join(folder, 'out/.runtask/checks.yml'), 'utf8')).toBe('version: 1');
    expect(readlinkSync(join(folder, 'out/lib/l'))).toBe('../.runtask');
  });

  it('keeps what may be started only where that is asked for, and for us alone', async () => {
    const path = await archive([
      { name: 'a/tool', content: '#!/bin/sh', mode: 0o6775 },
      { name: 'a/text', content: 'x', mode: 0o664 },
    ]);
    const modes = async (name: string, keepExecutable: boolean): Promise<string[]> => {
      await extractArchive(path, join(folder, name), { stripRoot: true, keepExecutable });
      return ['tool', 'text'].map((file) => (statSync(join(folder, name, file)).mode & 0o7777).toString(8));
    };
    expect(await modes('kept', true)).toEqual(['700', '600']);
    expect(await modes('not', false)).toEqual(['600', '600']);
  });

  it.each<[string, readonly Entry[], RegExp]>([
    [
      'two roots',
      [
        { name: 'a/x', content: '' },
        { name: 'b/x', content: '' },
      ],
      /"b\/x" does not lie in the one folder/,
    ],
    ['a file in the place of the root', [{ name: 'a', content: 'x' }], /stands in the place of a folder/],
    ['a link in the place of the root', [{ name: 'a', type: 'symlink', linkname: 'b' }], /stands in the place of a folder/],
    ['a link out of the root', [{ name: 'a/l', type: 'symlink', linkname: '../b' }], /leads out of the folder/],
    ['a name that climbs into another root', [{ name: 'a/../b/x', content: '' }], /leads out of the folder/],
  ])('refuses %s', async (_what, entries, reason) => {
    expect(await unpack(entries)).toEqual({ ok: false, error: expect.stringMatching(reason) });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
