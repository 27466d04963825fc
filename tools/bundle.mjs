// Builds dist/, what GitHub's runner starts: one bundle that pre, main, post and the process of script checks share, and an entry file of
// two lines for each.
//
//   node tools/bundle.mjs             writes dist/
//   node tools/bundle.mjs --check     builds beside it and fails, naming the files, when dist/ is not what the sources build
//   node tools/bundle.mjs --out DIR   writes DIR instead
//
// One shared bundle, not three: measured with the action's dependencies, 2.6 MB against 5.6 MB in the repository at the same
// cold start (137 to 205 ms), because each entry is a chunk that is loaded only when it is asked for.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '..');
const ENTRIES = {
  pre: 'action/entry-pre',
  main: 'action/entry-main',
  post: 'action/entry-post',
  // Not started by the runner but by main, for each script check.
  script: 'checks/script/worker',
};
/** What the action may hold. relay, cli and emulators are not even there when it is bundled: importing one breaks the build. */
const ROOMS = ['base', 'contracts', 'documents', 'archive', 'plan', 'findings', 'checks', 'report', 'hcp', 'github', 'sealed', 'action'];
// A fixed place: the bundler derives the names of its chunks from paths relative to the project.
const STAGE = path.join(ROOT, 'node_modules/.cache/runtask-bundle');

function main() {
  const args = process.argv.slice(2);
  const check = args.includes('--check');
  const out = args.includes('--out') ? path.resolve(args[args.indexOf('--out') + 1] ?? '') : path.join(ROOT, 'dist');
  for (const [entry, file] of Object.entries(ENTRIES)) {
    if (!existsSync(path.join(ROOT, `src/${file}.ts`))) fail(`src/${file}.ts is missing: it is the entry ${entry}`);
  }
  const built = mkdtempSync(path.join(tmpdir(), 'runtask-dist-'));
  const release = lock();
  try {
    stage();
    bundle(built);
    if (check) return report(differences(out, built));
    rmSync(out, { recursive: true, force: true });
    cpSync(built, out, { recursive: true });
    console.log(`${path.relative(process.cwd(), out) || '.'}: ${files(out).length} files, ${kilobytes(out)} KB`);
  } finally {
    release();
    rmSync(built, { recursive: true, force: true });
  }
}

/** One bundle at a time: two would write into the same fixed place. The lock of a process that died is taken over. */
function lock() {
  const file = `${STAGE}.lock`;
  mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = 0; ; waited += 200) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
      else if (waited > 120_000) fail(`another bundling holds ${file}`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** TypeScript to JavaScript, file by file; types are checked elsewhere (`npm run typecheck`). */
function stage() {
  rmSync(STAGE, { recursive: true, force: true });
  // As tsconfig.json has it, with the module form written out: a file that is transpiled alone has no package.json to tell it.
  const config = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8')).config;
  const forced = { module: 'esnext', moduleResolution: 'bundler', noEmit: false };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...forced }, ROOT);
  for (const room of ROOMS) {
    for (const file of files(path.join(ROOT, 'src', room)).filter((name) => name.endsWith('.ts'))) {
      const source = readFileSync(path.join(ROOT, 'src', room, file), 'utf8');
      const to = path.join(STAGE, room, file.replace(/\.ts$/, '.js'));
      mkdirSync(path.dirname(to), { recursive: true });
      // Without comments: those are for readers of src/, and each reworded sentence would be a change of dist/. One is for the bundler.
      const removeComments = !source.includes('webpackIgnore');
      writeFileSync(to, ts.transpileModule(source, { fileName: file, compilerOptions: { ...options, removeComments } }).outputText);
    }
  }
  writeFileSync(
    path.join(STAGE, 'index.js'),
    Object.entries(ENTRIES)
      .map(([entry, file]) => `export const ${entry} = () => import('./${file}.js');\n`)
      .join(''),
  );
  writeFileSync(path.join(STAGE, 'package.json'), '{ "type": "module" }\n');
}

function bundle(out) {
  const ncc = path.join(ROOT, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
  const args = [ncc, 'build', path.join(STAGE, 'index.js'), '--out', out, '--license', 'licenses.txt', '--no-cache', '--quiet'];
  const child = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (child.status !== 0) fail(`ncc ended with ${child.status ?? child.signal}\n${child.stdout}${child.stderr}`);
  // ncc leaves a module that it cannot find to be looked up when it runs, and says nothing.
  const absent = files(out).flatMap((name) => [...readFileSync(path.join(out, name), 'utf8').matchAll(/eval\("require"\)\("([^"]+)"\)/g)]);
  if (absent.length > 0)
    fail(`not in the rooms that the action may hold (${ROOMS.join(', ')}): ${absent.map(([, name]) => name).join(', ')}`);
  for (const entry of Object.keys(ENTRIES)) {
    mkdirSync(path.join(out, entry));
    // The file that the runner starts, and the one that a worker thread starts again: `new Worker(process.argv[1])`.
    writeFileSync(path.join(out, entry, 'index.js'), `import { ${entry} } from '../index.js';\nawait ${entry}();\n`);
  }
}

/** Names of files that are missing, left over or changed. Line ends do not count: a checkout may have rewritten them. */
function differences(committed, built) {
  const names = [...new Set([...files(committed), ...files(built)])].sort();
  return names.flatMap((name) => {
    const [before, after] = [path.join(committed, name), path.join(built, name)];
    if (!existsSync(before)) return [`missing   ${name}`];
    if (!existsSync(after)) return [`left over ${name}`];
    const text = (file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    return text(before) === text(after) ? [] : [`changed   ${name}`];
  });
}

function report(found) {
  if (found.length === 0) return console.log('dist/ is what the sources build');
  console.error(['dist/ is not what the sources build. Run `npm run bundle` and commit dist/:', ...found].join('\n  '));
  process.exitCode = 1;
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

const kilobytes = (folder) => Math.round(files(folder).reduce((sum, name) => sum + readFileSync(path.join(folder, name)).length, 0) / 1024);

function fail(message) {
  console.error(message);
  process.exit(1);
}

main();
