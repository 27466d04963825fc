import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTask } from '../../src/sealed/open.ts';
import { readKey } from '../../src/sealed/keys.ts';
import { sealTask } from '../../src/sealed/seal.ts';
import { ROOT } from '../support/flow.ts';
import { aRequest, aTaskLabel } from '../support/requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runtask = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', join(ROOT, 'src/cli/index.ts'), ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

describe('runtask', () => {
  it('lists its commands, and each tells its exit codes', async () => {
    const { stdout, code } = await runtask('--help');
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).filter((name) => name !== 'help');
    expect(commands).toEqual(['demo', 'relay', 'send', 'check', 'test', 'render', 'config', 'deliveries', 'keys', 'emulate']);
    const helps = await Promise.all(commands.map((command) => runtask(command, '--help')));
    for (const help of helps) {
      expect(help.stdout).toMatch(/Example/);
      expect(help.stdout).toMatch(/Exit codes/);
      expect(help.stdout).not.toContain('default: false');
    }
  });

  it('says what is wrong with a file by its place, and does not send its author to the help', async () => {
    const { code, stderr } = await runtask('check', '--plan', 'none.json');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^none\.json: The plan file cannot be read\. There is no such file\.\n[^\n]*checks\.yml[^\n]*\n$/),
    });
  });

  it('emulate ends with its error when it cannot leave its files, and does not go on listening', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const ports = ['--hcp-port', '0', '--hcp-store-port', '0', '--github-port', '0'];
    expect(await runtask('emulate', '--output', 'taken', ...ports)).toMatchObject({ code: 2, stderr: expect.stringContaining('EEXIST') });
  });

  it.each([
    ['an unknown command', ['chekc']],
    ['an unknown option', ['keys', '--outptu', 'x']],
    ['a missing option', ['check']],
    ['a wrong word', ['keys', 'everything']],
  ])('ends with 2 for %s: 1 is a verdict', async (_, args) => {
    const { code, stderr } = await runtask(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });
});

describe('runtask demo', () => {
  it('ended by Ctrl-C in the middle of a job: 130, and no plan is left in the temporary folder', async () => {
    const tmp = join(folder, 'tmp');
    mkdirSync(tmp);
    const child = spawn(process.execPath, ['--no-warnings', join(ROOT, 'src/cli/index.ts'), 'demo'], {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: tmp },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const before = said;
      said += chunk.toString();
      if (said.includes(' claimed ') && !before.includes(' claimed ')) child.kill('SIGINT');
    });
    expect(await exit).toBe(130);
    expect(said).not.toContain('ended as they should');
    expect(readdirSync(tmp)).toEqual([]);
  });
});

describe('runtask keys', () => {
  it('relay: an encryption key and an HMAC key, readable by their owner alone', async () => {
    const { code, stdout } = await runtask('keys', 'relay', '--json');
    expect(code).toBe(0);
    const files = JSON.parse(stdout) as { path: string; secret: boolean }[];
    expect(files.map((file) => file.path)).toEqual(['relay-encryption-key', 'hmac-key']);
    for (const { path } of files) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(join(folder, 'relay-encryption-key'), 'utf8'), 'base64')).toHaveLength(32);
  });

  it('never overwrites a key that may be in use, unless it is told to', async () => {
    writeFileSync(join(folder, 'hmac-key'), 'in use');
    const refused = await runtask('keys', 'relay');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('hmac-key exists') });
    expect(readFileSync(join(folder, 'hmac-key'), 'utf8')).toBe('in use');
    expect(readdirSync(folder)).toEqual(['hmac-key']);
    expect((await runtask('keys', 'relay', '--force')).code).toBe(0);
    expect(readFileSync(join(folder, 'hmac-key'), 'utf8')).not.toBe('in use');
  });

  it('sealed: pairs with which a task can be sealed and opened', async () => {
    await runtask('keys', 'sealed');
    const key = async (file: string, form: 'relay' | 'seal', half: 'public' | 'private') => {
      const read = await readKey(readFileSync(join(folder, file), 'utf8'), { form, half });
      if (!read.ok) throw new Error(read.error);
      return read.value;
    };
    const id = 'rt_AAAAAAAAAAAAAAAAAAAAAA';
    const task = aTaskLabel();
    const signingKey = await key('relay-signing-key.json', 'relay', 'private');
    const sealKey = await key('seal-public-key.json', 'seal', 'public');
    const sealed = await sealTask(
      {
        request: aRequest(),
        task,
        issuer: 'https://r.example',
        repositoryId: 1,
        observe: false,
        deadlineAt: Date.now() + 60_000,
        id,
        signingKey,
        sealKey,
      },
      Date.now(),
    );
    const opened = await openTask(
      {
        payload: { version: 1, id, sealed, task },
        sealKey: await key('seal-private-key.json', 'seal', 'private'),
        relayKey: await key('relay-public-key.json', 'relay', 'public'),
        repositoryId: '1',
      },
      Date.now(),
    );
    expect(opened.ok).toBe(true);
    for (const file of ['relay-signing-key.json', 'seal-private-key.json']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });
});
