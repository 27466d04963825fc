// Importing a file does nothing: no output, no timer, no socket, no listener. One process imports every source file but the doors.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { listFiles, ROOT } from './source-files.ts';

/** The files that a process or a thread starts with. */
const DOORS = /^src\/(cli\/index|action\/entry-(pre|main|post)|.*\/worker|.*-worker)\.ts$/;

/** @returns what the process said, after importing each of `files` in turn */
function importAll(files: readonly string[]): { status: number | null; output: string } {
  const script = `
    const before = process.getActiveResourcesInfo();
    const env = { ...process.env };
    for (const file of ${JSON.stringify(files)}) await import(file);
    // Its own standard streams: some packages look at them to learn whether colours are welcome.
    const left = process.getActiveResourcesInfo().filter((name) => !before.includes(name) && !/^(Pipe|TTY)Wrap$|^WriteWrap$/.test(name));
    const changed = Object.keys({ ...env, ...process.env }).filter((name) => env[name] !== process.env[name]);
    const signals = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'].filter((name) => process.listenerCount(name) > 0);
    if (left.length + changed.length + signals.length > 0) console.log('left behind:', ...left, ...changed, ...signals);`;
  const child = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 25_000,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  return { status: child.status, output: child.stdout + child.stderr };
}

it('importing every source file prints nothing, leaves nothing behind and ends', () => {
  const files = listFiles('src', ['.ts']).filter((file) => !DOORS.test(file));
  expect(importAll(files.map((file) => path.join(ROOT, file)))).toEqual({ status: 0, output: '' });
});

it('would notice a timer, a variable and a signal handler', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'runtask-import-'));
  try {
    const file = path.join(folder, 'busy.mjs');
    writeFileSync(
      file,
      `setInterval(() => {}, 1000).unref(); process.env.LEFT = '1'; process.on('SIGTERM', () => {}); setTimeout(process.exit, 500);`,
    );
    expect(importAll([file]).output).toMatch(/left behind: .*LEFT SIGTERM/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
