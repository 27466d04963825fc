// What a script check must not reach, each attack on the real process: environment, token, event file, other processes, the network. All
// of them run in one script; and once more in a plain Node process, because an attack that does not work anywhere proves nothing.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runScript } from '../checks/script/run-script.ts';
import { ROOT } from './source-files.ts';

const TOKEN = 'ghs_isolationTestToken';
const linux = process.platform === 'linux';

interface Attack {
  readonly name: string;
  /** An expression of the script; `paths.event`, `paths.module`, `paths.env`, `paths.folder`, `port`. */
  readonly tries: string;
  /** What it comes to in the check. */
  readonly refused: RegExp;
  /** What it comes to without isolation. null: it would harm this machine. */
  readonly works: RegExp | null;
}

const DENIED = /^ERR_ACCESS_DENIED/;
const NO_SIGNALS = /may not send signals/;
const NO_NETWORK = /has no network/;
const SECRET = new RegExp(TOKEN);

const reading = (name: string, tries: string, works: RegExp | null = SECRET): Attack => ({ name, tries, refused: DENIED, works });

const ATTACKS: readonly Attack[] = [
  { name: 'its own environment', tries: 'JSON.stringify(process.env)', refused: /^\{"LANG":"C.UTF-8","TZ":"UTC"\}$/, works: SECRET },
  ...(linux
    ? [
        reading('environment of its parent', "fs.readFileSync(`/proc/${process.ppid}/environ`, 'utf8')", /=/),
        reading('environment in /proc', "fs.readFileSync('/proc/self/environ', 'utf8')"),
        reading('a file over /proc', "fs.readFileSync(`/proc/self/root${paths.event}`, 'utf8')"),
      ]
    : []),
  reading('the event file', "fs.readFileSync(paths.event, 'utf8')"),
  reading('the event file by its bytes', "fs.readFileSync(Buffer.from(paths.event), 'utf8')"),
  reading('the event file by URL', "fs.readFileSync(new URL(`file://${paths.event}`), 'utf8')"),
  reading('the event file with promises', "fs.promises.readFile(paths.event, 'utf8')"),
  reading('the event file as a stream', 'text(fs.createReadStream(paths.event))'),
  reading('the event file as a Blob', 'fs.openAsBlob(paths.event).then((blob) => blob.text())'),
  reading('the event file out of the own folder', "fs.readFileSync(`${process.cwd()}/../../../../../../..${paths.event}`, 'utf8')"),
  reading('the event file as a module', "import(paths.event, { with: { type: 'json' } }).then((m) => m.default.token)"),
  reading('the event file with require', 'createRequire(import.meta.url)(paths.event).token'),
  reading('a program beside the checkout', 'import(paths.module).then((m) => m.default)'),
  reading('a file of variables', '(process.loadEnvFile(paths.env), process.env.FROM_FILE)'),
  reading('which files there are', 'fs.readdirSync(paths.folder).join()', /event\.json/),
  reading('a copy of the event file', "(fs.cpSync(paths.event, `${paths.folder}/copied`), 'copied')", /copied/),
  reading('a link', "(fs.symlinkSync(paths.event, `${paths.folder}/link`), 'linked')", /linked/),
  reading('writing a file', "(fs.writeFileSync(`${paths.folder}/written`, 'x'), 'written')", /written/),
  reading('writing into its own folder', "(fs.writeFileSync(import.meta.filename, 'x'), 'written')", null),
  reading('a report of the process', 'process.report.writeReport(`${paths.folder}/report.json`)', /report/),
  reading('a heap snapshot', 'v8.writeHeapSnapshot(`${paths.folder}/heap`)', null),
  reading('another program', "childProcess.execFileSync('echo', ['hello']).toString()", /hello/),
  reading('a thread', "new Worker('1', { eval: true }).threadId > 0", /true/),
  reading('a debugger of its own', 'inspector.open(0)', null),
  reading('WASI', "new WASI({ version: 'preview1', preopens: { '/': '/' } }) instanceof WASI", /true/),
  reading('inner bindings', "typeof process.binding('fs')", /object/),
  { name: 'native code', tries: "process.dlopen({ exports: {} }, '/nowhere.node')", refused: /^ERR_DLOPEN_DISABLED/, works: /nowhere/ },
  { name: 'a database', tries: 'new DatabaseSync(`${paths.folder}/made.db`).isOpen', refused: /no databases/, works: /true/ },
  { name: 'a signal to its parent', tries: 'process.kill(process.ppid, 0)', refused: NO_SIGNALS, works: /true/ },
  { name: 'a signal to its parent, imported', tries: 'kill(process.ppid, 0)', refused: NO_SIGNALS, works: /true/ },
  { name: 'a signal below', tries: 'process._kill(process.ppid, 0)', refused: NO_SIGNALS, works: /0/ },
  { name: 'the debugger of its parent', tries: 'process._debugProcess(process.ppid)', refused: NO_SIGNALS, works: null },
  { name: "its parent's priority", tries: 'os.setPriority(process.ppid, 19)', refused: NO_SIGNALS, works: null },
  { name: 'TCP', tries: "connected(net.connect(port, '127.0.0.1'))", refused: NO_NETWORK, works: /connected/ },
  { name: 'a socket file', tries: 'connected(net.connect(paths.socket))', refused: NO_NETWORK, works: /connected/ },
  { name: 'a server', tries: "heard(net.createServer().listen(0, '127.0.0.1'), 'listening')", refused: NO_NETWORK, works: /listening/ },
  {
    name: 'a server by its inner name',
    tries:
      "new Promise((resolve, reject) => net.createServer().once('error', reject).once('listening', () => resolve('listening'))._listen2('127.0.0.1', 0, 4, 5))",
    refused: NO_NETWORK,
    works: /listening/,
  },
  {
    name: 'a handle of a server, which makes a file',
    tries: 'typeof net._createServerHandle(`${paths.folder}/made.sock`, -1, -1).listen',
    refused: NO_NETWORK,
    works: /function/,
  },
  {
    name: 'a handle for UDP',
    tries: "typeof dgram._createSocketHandle('127.0.0.1', 0, 'udp4').send",
    refused: NO_NETWORK,
    works: /function/,
  },
  { name: 'fetch', tries: 'fetch(`http://127.0.0.1:${port}/`).then(String)', refused: NO_NETWORK, works: /fetch failed|Response/ },
  { name: 'http', tries: "heard(http.get(`http://127.0.0.1:${port}/`), 'socket')", refused: NO_NETWORK, works: /socket/ },
  { name: 'tls', tries: "connected(tls.connect(port, '127.0.0.1'))", refused: NO_NETWORK, works: /connected/ },
  {
    name: 'UDP',
    tries: "new Promise((sent) => dgram.createSocket('udp4').send('x', port, '127.0.0.1', () => sent('sent')))",
    refused: NO_NETWORK,
    works: /sent/,
  },
  { name: 'names', tries: "lookup('localhost').then(() => 'looked up')", refused: NO_NETWORK, works: /looked up/ },
  { name: 'names from a server', tries: "new Resolver().resolve4('localhost')", refused: NO_NETWORK, works: null },
];

/** Runs each attack and tells what it came to, in a check and without one. */
const scriptOf = (attacks: readonly Attack[], isCheck: boolean): string => `
import { check } from 'runtask-action/check';
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import http from 'node:http';
import inspector from 'node:inspector';
import net from 'node:net';
import os from 'node:os';
import tls from 'node:tls';
import v8 from 'node:v8';
import { Resolver, lookup } from 'node:dns/promises';
import { createRequire } from 'node:module';
import { kill } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { WASI } from 'node:wasi';
import { Worker } from 'node:worker_threads';
const heard = (emitter, event) =>
  new Promise((resolve, reject) => emitter.once('error', reject).once(event, () => resolve(event)));
const connected = (socket) => heard(socket, 'connect').then(() => 'connected');
async function attack({ paths, port }, tell) {
  const attacks = { ${attacks.map(({ name, tries }) => `${JSON.stringify(name)}: async () => ${tries}`).join(',\n')} };
  for (const [name, tries] of Object.entries(attacks)) {
    let came;
    try {
      came = String(await tries());
    } catch (error) {
      came = \`\${error.code ?? ''} \${error.message} \${error.cause?.message ?? ''}\`;
    }
    tell(name, came);
  }
}
${isCheck ? "export default check(({ params, note }) => attack(params, (name, came) => note(name, '-' + came)));" : ''}
`;

let folder: string;
let params: { paths: Record<string, string>; port: number };
const server = createServer((socket) => socket.end());
const socketServer = createServer((socket) => socket.end());

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'runtask-isolation-')));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const paths = {
    folder,
    event: file('event.json', JSON.stringify({ token: TOKEN })),
    module: file('module.mjs', `export default '${TOKEN}';`),
    env: file('variables', `FROM_FILE=${TOKEN}`),
    socket: join(folder, 'engine.sock'),
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await new Promise<void>((done) => socketServer.listen(paths.socket, done));
  params = { paths, port: (server.address() as AddressInfo).port };
});

afterAll(() => {
  server.close();
  socketServer.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a script check cannot reach', () => {
  let came: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const outcome = await runScript({
      files: { '.runtask/check.js': scriptOf(ATTACKS, true) },
      file: '.runtask/check.js',
      params,
      context: { env: { INPUT_TOKEN: TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN: TOKEN, GITHUB_TOKEN: TOKEN, PATH: process.env['PATH'] } },
    });
    if (outcome.reason !== null) throw new Error(outcome.reason);
    came = new Map(outcome.findings.map(({ address, message }) => [address ?? '', message.slice(1)]));
  });

  it.each(ATTACKS)('$name', ({ name, refused }) => expect(came.get(name)).toMatch(refused));

  it('the token, by any of them', () => expect([...came.values()].filter((said) => said.includes(TOKEN))).toEqual([]));

  it('a folder to leave something in', () =>
    expect(readdirSync(folder).sort()).toEqual(['engine.sock', 'event.json', 'module.mjs', 'variables']));
});

describe('without isolation the attack works:', () => {
  const attacks = ATTACKS.filter(({ works }) => works !== null);
  let came: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const script = `${scriptOf(attacks, false).replace(/^import \{ check \}.*$/m, '')}
      const came = {};
      await attack(${JSON.stringify(params)}, (name, said) => { came[name] = said; });
      process.stdout.write(JSON.stringify(came), () => process.exit(0));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script], {
      env: { TOKEN, PATH: process.env['PATH'] },
      cwd: folder,
      timeout: 20_000,
    });
    came = JSON.parse(stdout) as Record<string, string>;
    for (const name of readdirSync(folder)) if (!/^(engine|event|module|variables)/.test(name)) rmSync(join(folder, name));
  });

  it.each(attacks)('$name', ({ name, works }) => expect(came[name]).toMatch(works ?? /never/));
});

describe('links that lead out of its folder', () => {
  const innocent = { '.runtask/check.js': "import { check } from 'runtask-action/check'; export default check(() => {});" };
  const withLink = (path: string, target: () => string): Parameters<typeof runScript>[0] => ({
    files: innocent,
    file: '.runtask/check.js',
    prepare: (checkout) => {
      rmSync(join(checkout, path), { recursive: true, force: true });
      mkdirSync(join(checkout, path, '..'), { recursive: true });
      symlinkSync(target(), join(checkout, path));
    },
  });

  it.each([
    ['a file beside the script', '.runtask/data.json', () => params.paths['event'] ?? ''],
    ['a folder further down', '.runtask/a/b', () => folder],
    ['the script', '.runtask/check.js', () => params.paths['module'] ?? ''],
    ['its folder', '.runtask', () => folder],
    ['a link that leads nowhere yet', '.runtask/later', () => '/nowhere/at/all'],
    ['a package', '.runtask/node_modules/mine', () => folder],
  ])('%s: refused by name', async (_what, path, target) => {
    const { findings, reason } = await runScript(withLink(path, target));
    expect({ findings, reason }).toEqual({
      findings: [],
      reason: `${path} is a symbolic link, and a script's folder may hold none: it could lead anywhere on the runner`,
    });
  });

  it("npm's links to programs are left out", async () =>
    expect(await runScript(withLink('.runtask/node_modules/.bin/tool', () => folder))).toEqual({ findings: [], reason: null }));
});

describe('the rest of the checkout', () => {
  it('is not there: tokens that a checkout leaves in .git, and keys that other steps wrote', async () => {
    const files = {
      '.git/config': TOKEN,
      'gha-creds-1.json': TOKEN,
      'other/module.js': `export default '${TOKEN}';`,
      '.runtask/check.js': `import fs from 'node:fs';
        import { check } from 'runtask-action/check';
        export default check(async ({ note }) => {
          for (const path of ['.git/config', 'gha-creds-1.json', 'other/module.js']) note(null, path + ' ' + fs.existsSync(path));
          note(null, await import('../other/module.js').then((m) => m.default, (error) => error.code));
          note(null, fs.readdirSync('.').join());
        });`,
    };
    const { findings, reason } = await runScript({ files, file: '.runtask/check.js' });
    expect([reason, ...findings.map(({ message }) => message)]).toEqual([
      null,
      '.git/config false',
      'gha-creds-1.json false',
      'other/module.js false',
      'ERR_MODULE_NOT_FOUND',
      '.runtask',
    ]);
  });
});

// The permission model takes no signals away, and whoever gets around our guard has SIGUSR1.
(process.platform === 'win32' ? describe.skip : describe)('the process that judges', () => {
  it.each([
    ['opens no debugger while checks run', 'const opened = script.open({ env: {} });', false],
    ['nor afterwards', 'await script.open({ env: {} }).close();', false],
    ['would open one without that (the signal arrives)', '', true],
  ])('%s', async (_what, opens, listens) => {
    const program = `
      import { script } from ${JSON.stringify(join(ROOT, 'src/checks/script/kind.ts'))};
      ${opens}
      process.stdin.on('data', () => { process.kill(process.pid, 'SIGUSR1'); setTimeout(() => process.exit(0), 300); });
      console.log('ready');`;
    const child = spawn(process.execPath, ['--no-warnings', '--inspect-port=0', '--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.once('data', () => child.stdin.write('go'));
    const code = await new Promise((done) => child.once('close', done));
    expect([code, /Debugger listening/.test(said)]).toEqual([0, listens]);
  });
});
