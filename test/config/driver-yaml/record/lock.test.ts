// One apply at a time: who holds the lock is named, who died does not hold it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from '../../../../src/config/driver-yaml/record/lock.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const deps = { clock: createManualClock() };
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  file = path.join(folder, 'managed.json');
});

const holder = (pid: number, host = hostname()): string =>
  `${JSON.stringify({ pid, host, since: '2026-11-22T09:00:00.000Z', token: 'of somebody' })}\n`;

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('acquireLock', () => {
  it('gives it to one, tells the other who has it, and gives it again after the release', async () => {
    const first = await acquireLock(file, deps);
    const second = await acquireLock(file, deps);
    expect(second).toEqual({
      ok: false,
      error: {
        severity: 'error',
        summary: `Another apply is at work here: process ${process.pid} on ${hostname()} since 2026-11-22T10:00:00.000Z`,
        detail: `Wait until it has ended. If it is certain that nothing runs any more, delete ${file}.lock and try again.`,
        path: '',
        file: `${file}.lock`,
      },
    });
    if (first.ok) await first.value.release();
    expect(await readdir(folder)).toEqual([]);
    expect((await acquireLock(file, deps)).ok).toBe(true);
  });

  it('takes over from a process of this machine that is gone', async () => {
    await writeFile(`${file}.lock`, holder(await deadPid()));
    expect((await acquireLock(file, deps)).ok).toBe(true);
    expect(await readdir(folder)).toEqual(['managed.json.lock']);
  });

  it('takes over from a process that had our number before us, as in containers of one name', async () => {
    await writeFile(`${file}.lock`, holder(process.pid));
    const taken = await acquireLock(file, deps);
    expect(taken.ok).toBe(true);
    expect((await acquireLock(file, deps)).ok).toBe(false);
  });

  it('leaves no lock of nobody on a full disk', async () => {
    const source = new URL('../../../../src/config/driver-yaml/record/lock.ts', import.meta.url).href;
    const code = `import { acquireLock } from ${JSON.stringify(source)};
      console.log(JSON.stringify(await acquireLock(${JSON.stringify(file)}, { clock: { now: Date.now } })));`;
    // No file may become longer than nothing: what a full disk says, without one.
    const child = spawn('bash', [
      '-c',
      `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`,
      process.execPath,
      '--input-type=module',
      '--eval',
      code,
    ]);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    expect(JSON.parse(said)).toMatchObject({ ok: false, error: { summary: 'The lock cannot be taken' } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many take over', async () => {
    await writeFile(`${file}.lock`, holder(await deadPid()));
    const all = await Promise.all(Array.from({ length: 20 }, () => acquireLock(file, deps)));
    expect(all.filter(({ ok }) => ok).length).toBe(1);
    expect(await readdir(folder)).toEqual(['managed.json.lock']);
  });

  it.each([
    ['a living process', () => holder(process.ppid)],
    ['another machine', () => holder(999_999_999, 'elsewhere')],
    ['a file that it does not understand', () => 'x'],
  ])('does not take over from %s', async (_, text) => {
    await writeFile(`${file}.lock`, text());
    expect((await acquireLock(file, deps)).ok).toBe(false);
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(text());
  });

  it('releases only its own', async () => {
    const lock = await acquireLock(file, deps);
    await writeFile(`${file}.lock`, holder(process.pid));
    if (lock.ok) await lock.value.release();
    expect(await readdir(folder)).toEqual(['managed.json.lock']);
  });

  it('says when the folder cannot be written', async () => {
    const lock = await acquireLock(path.join(folder, 'not-there', 'managed.json'), deps);
    expect(!lock.ok && lock.error.summary).toBe('The lock cannot be taken');
  });
});
