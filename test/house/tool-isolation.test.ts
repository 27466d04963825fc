// What a tool that a check starts can reach, tried by real tools on a real process that holds the job's secrets, and written in
// docs/checks/run.md: what is said to be closed is closed, and what is said to be open is open. A page that promises more would be a lie,
// one that promises less would keep somebody from closing it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { read, ROOT } from './source-files.ts';

const ACTION = path.join(ROOT, 'test/support/an-action.ts');
const SECRET = 'hunter2-the-token-of-the-job';
const TICKET = 'the-ticket-in-the-event';

let folder: string;
let temp: string;
let strays: number[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'isolation-'));
  temp = path.join(folder, '_temp');
  await mkdir(path.join(temp, '_runner_file_commands'), { recursive: true });
  await mkdir(path.join(temp, '_github_workflow'));
  await writeFile(path.join(temp, '_github_workflow', 'event.json'), TICKET);
  await writeFile(path.join(temp, '_runner_file_commands', 'set_env_0b1c'), '');
  await writeFile(path.join(folder, 'policy.rego'), 'deny := 1');
  strays = [];
});
afterEach(async () => {
  for (const pid of strays) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Seen {
  readonly output: string;
  readonly signal: NodeJS.Signals | null;
  readonly result: { readonly status: string; readonly reason: string | null } | null;
  /** What the tool carried off. */
  readonly loot: string;
}

/** The action with one check, whose tool is `code` in Node; it puts what it finds into `loot`. */
async function attack(code: string, hide: 'hidden' | 'shown' = 'hidden'): Promise<Seen> {
  const tool = [process.execPath, '-e', `const fs = require('fs'); const keep = (text) => fs.writeFileSync('loot', String(text)); ${code}`];
  const log = await open(path.join(folder, 'log'), 'a');
  const child = spawn(process.execPath, ['--no-warnings', ACTION, hide, folder, JSON.stringify(tool)], {
    env: {
      'PATH': process.env['PATH'],
      'HOME': folder,
      'RUNNER_TEMP': temp,
      'GITHUB_EVENT_PATH': path.join(temp, '_github_workflow', 'event.json'),
      'GITHUB_ENV': path.join(temp, '_runner_file_commands', 'set_env_0b1c'),
      'INPUT_GITHUB-TOKEN': SECRET,
      'INPUT_HCP-TOKEN': SECRET,
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN': SECRET,
      'ACTIONS_RUNTIME_TOKEN': SECRET,
    },
    // A file, as Node's own pipes are sockets, which nobody can open a second time; the runner's are pipes.
    stdio: ['ignore', log.fd, log.fd],
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, by) => resolve(by)));
  await log.close();
  const text = async (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8').catch(() => '');
  const result = await text('result.json');
  return {
    output: await text('log'),
    signal,
    result: result === '' ? null : (JSON.parse(result) as Seen['result']),
    loot: await text('loot'),
  };
}

/** A process that outlives the tool, in a session of its own; its pid is the loot. Without the mark it is started as by `env -i`. */
const leaveBehind = (env: string): string =>
  `const left = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore', env: ${env} }); keep(left.pid); left.unref()`;

const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** A process that was killed needs a moment to be gone. */
async function staysAlive(pid: number): Promise<boolean> {
  const giveUpAt = performance.now() + 5000;
  while (isRunning(pid) && performance.now() < giveUpAt) await new Promise(setImmediate);
  return isRunning(pid);
}

type Word = 'closed' | 'open';
const openIf = (reached: boolean): Word => (reached ? 'open' : 'closed');

/** By the first column of the page's table. */
const ATTEMPTS: Readonly<Record<string, readonly [Word, () => Promise<Word>]>> = {
  "the job's tokens and inputs in its own environment": [
    'closed',
    async () => openIf((await attack('keep(JSON.stringify(process.env) + fs.readFileSync("/proc/self/environ"))')).loot.includes(SECRET)),
  ],
  'the same in `/proc/PID/environ` of the action': [
    'closed',
    async () => openIf((await attack('keep(fs.readFileSync(`/proc/${process.ppid}/environ`, "latin1"))')).loot.includes(SECRET)),
  ],
  'speaking to the runner through its output (`::set-env::`, `::add-mask::`)': [
    'closed',
    async () => openIf((await attack('console.log("::warning::spoken"); console.error("::error::spoken")')).output.includes('spoken')),
  ],
  'leaving a process behind': ['closed', async () => openIf(await staysAlive(Number((await attack(leaveBehind('process.env'))).loot)))],
  'leaving a process behind that empties its environment': [
    'open',
    async () => {
      const pid = Number((await attack(leaveBehind('{}'))).loot);
      const running = isRunning(pid);
      if (running) strays.push(pid);
      return openIf(running);
    },
  ],
  'the output of the action itself (`/proc/PID/fd/1`)': [
    'open',
    async () => openIf((await attack('fs.appendFileSync(`/proc/${process.ppid}/fd/1`, "::warning::spoken")')).output.includes('spoken')),
  ],
  'the file with the event': [
    'open',
    async () =>
      openIf((await attack(`keep(fs.readFileSync(${JSON.stringify(path.join(temp, '_github_workflow', 'event.json'))}))`)).loot === TICKET),
  ],
  'the files through which a step sets variables (`_runner_file_commands`)': [
    'open',
    async () => {
      const commands = path.join(temp, '_runner_file_commands');
      await attack(
        `const d = ${JSON.stringify(commands)}; for (const name of fs.readdirSync(d)) fs.appendFileSync(d + '/' + name, 'A=spoken')`,
      );
      return openIf((await readFile(path.join(commands, 'set_env_0b1c'), 'utf8')).includes('spoken'));
    },
  ],
  'files of the workspace, and with them the policies of later checks': [
    'open',
    async () => {
      await attack(`fs.writeFileSync('policy.rego', 'spoken')`);
      return openIf((await readFile(path.join(folder, 'policy.rego'), 'utf8')) === 'spoken');
    },
  ],
  'the network': [
    'open',
    async () => {
      const server = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const { loot } = await attack(`require('net').connect(${port}, '127.0.0.1').on('data', keep)`);
      server.close();
      return openIf(loot === 'reached');
    },
  ],
  'ending the action': ['open', async () => openIf((await attack('process.kill(process.ppid, "SIGKILL")')).signal === 'SIGKILL')],
};

const PAGE = 'docs/checks/run.md';
const documented = (): Record<string, string> =>
  Object.fromEntries([...read(PAGE).matchAll(/^\| (.+?) \| (closed|open)\b.*\|$/gm)].map(([, attempt = '', word = '']) => [attempt, word]));

it(`the table of ${PAGE} says what is tried here`, () => {
  expect(documented()).toEqual(Object.fromEntries(Object.entries(ATTEMPTS).map(([attempt, [word]]) => [attempt, word])));
});

// Elsewhere there is no /proc, and the page says that its table is that of Linux.
(process.platform === 'linux' ? describe : describe.skip)('a tool on Linux', () => {
  it.each(Object.entries(ATTEMPTS))('%s', async (_attempt, [word, tryIt]) => expect(await tryIt()).toBe(word));

  it('would find the tokens in /proc if they were not hidden: the attempt above can succeed', async () => {
    expect((await attack('keep(fs.readFileSync(`/proc/${process.ppid}/environ`, "latin1"))', 'shown')).loot).toContain(SECRET);
  });

  it("reaches the action's memory only where the kernel lets it", async () => {
    // Yama, 1: only a parent may look into its children. Without it any process of the same user may (kernel.org, "Yama", read 2026-11).
    const scope = '/proc/sys/kernel/yama/ptrace_scope';
    const free = process.getuid?.() === 0 || !existsSync(scope) || readFileSync(scope, 'utf8').trim() === '0';
    expect(openIf((await attack('fs.openSync(`/proc/${process.ppid}/mem`, "r"); keep("reached")')).loot === 'reached')).toBe(openIf(free));
  });

  it('is judged as ever after all that', async () => {
    expect(await attack('process.exitCode = 1')).toMatchObject({ result: { status: 'failed' }, output: '' });
  });

  it('does not let the action go on when it ended it: there is no result, and the post step gives the verdict', async () => {
    expect((await attack('process.kill(process.ppid, "SIGKILL")')).result).toBe(null);
  });
});
