// What of a checkout is copied for a script, and what is refused.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createPrivateCopies, type PrivateCopies } from '../../../src/checks/script/private-copy.ts';

let base: string;
let temp: string;
let copies: PrivateCopies;

beforeEach(() => {
  [base, temp] = ['repo', 'temp'].map((name) => realpathSync(mkdtempSync(join(tmpdir(), `runtask-${name}-`)))) as [string, string];
  copies = createPrivateCopies(temp, { entries: 10, bytes: 1000 });
});
afterEach(async () => {
  await copies.remove();
  expect(readdirSync(temp)).toEqual([]);
  for (const folder of [base, temp]) rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, text = 'x'): void => {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
};

it('the top folder of the script and nothing else, once for all of its scripts, readable by us alone', async () => {
  for (const path of ['.runtask/checks/a.ts', '.runtask/b.ts', 'src/c.ts']) write(path);
  const [a, b] = [await copies.of(base, './.runtask/checks/a.ts'), await copies.of(base, '.runtask/b.ts')];
  if (!a.ok || !b.ok) throw new Error('not copied');
  expect([a.value.file, b.value.file]).toEqual(['.runtask/checks/a.ts', '.runtask/b.ts']);
  expect(a.value.root).toBe(b.value.root);
  expect(readdirSync(a.value.root, { recursive: true }).sort()).toEqual([
    '.runtask',
    '.runtask/b.ts',
    '.runtask/checks',
    '.runtask/checks/a.ts',
  ]);
  expect([statSync(a.value.root).mode & 0o077, statSync(join(a.value.root, '.runtask/b.ts')).mode & 0o077]).toEqual([0, 0]);
});

it('a change of the checkout does not change the copy', async () => {
  write('.runtask/a.ts', 'before');
  const before = await copies.of(base, '.runtask/a.ts');
  write('.runtask/b.ts');
  expect(before.ok && existsSync(join(before.value.root, '.runtask/b.ts'))).toBe(false);
  expect(await copies.of(base, '.runtask/b.ts')).toEqual({ ok: false, error: 'There is no file .runtask/b.ts in the checkout' });
});

it.each([
  [
    'too many files',
    () => Array.from({ length: 12 }, (_, i) => write(`.runtask/${i}`)),
    '.runtask/ holds too many files for a check. Move what is not needed to another top folder',
  ],
  [
    'too many bytes',
    () => write('.runtask/big', 'x'.repeat(1001)),
    '.runtask/ is too large for a check. Move what is not needed to another top folder',
  ],
  ['a pipe', () => execFileSync('mkfifo', [join(base, '.runtask/pipe')]), '.runtask/pipe is neither a file nor a folder'],
])('%s: refused', async (_what, make, error) => {
  write('.runtask/a.ts');
  make();
  expect(await copies.of(base, '.runtask/a.ts')).toEqual({ ok: false, error });
});

it('a script outside of any folder: refused, also by the checks file', async () => {
  write('a.ts');
  expect(await copies.of(base, 'a.ts')).toEqual({
    ok: false,
    error: 'a.ts is not in a folder. Move it into one, such as .runtask/checks: a script can read its own top folder only',
  });
});
