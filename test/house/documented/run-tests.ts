// Runs the tests of a documented checks file as `runtask test` would, in a folder that looks like the reader's repository, with stand-ins
// for the tools on the PATH. What the outcomes must be is documented-checks.test.ts.
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatDiagnostic } from '../../../src/base/diagnostics.ts';
import { ok } from '../../../src/base/result.ts';
import type { CheckSet } from '../../../src/checks/check-set.ts';
import { loadCheckSet } from '../../../src/checks/load/load-check-set.ts';
import { readTests, type TestsFile } from '../../../src/cli/test/read-tests.ts';
import { runTest, type TestOutcome } from '../../../src/cli/test/run-tests.ts';
import type { ChecksTest } from '../../../src/contracts/checks-tests.ts';
import { listFiles, ROOT } from '../source-files.ts';
import { listSources, type Source } from './sources.ts';
import { TOOL_NAMES } from './tools.ts';

/** Where the tests of documents and packs are, by what they test; those of examples are beside them too. */
const HERE = 'test/house/documented';
const CHECKS = '.runtask/checks.yml';

/** What the documents call acme/policies at some commit. */
const CENTRAL = 'examples/central-policies';

export interface TestFile {
  /** Relative to the project, or absolute. */
  readonly file: string;
  /** Name of the source. */
  readonly checks: string;
  readonly tests: readonly ChecksTest[];
}

export async function listTestFiles(): Promise<TestFile[]> {
  const ours = listFiles(HERE, ['.yml']).filter((file) => path.dirname(file) === HERE);
  const beside = listSources().flatMap(({ directory }) =>
    directory !== null && existsSync(path.join(ROOT, directory, '.runtask/tests'))
      ? listFiles(`${directory}/.runtask/tests`, ['.yml'])
      : [],
  );
  return (await read(ROOT, [...ours, ...beside])).map(({ path: file, file: { checks, tests } }) => ({
    file,
    checks: checks ?? `${file.replace(/\/\.runtask\/tests\/.*$/, '')}/${CHECKS}`,
    tests,
  }));
}

export interface Ran {
  readonly set: CheckSet;
  readonly outcomes: readonly TestOutcome[];
}

/** @param bin  folder with the stand-ins, see {@link makeTools} */
export async function runTests(source: Source, { file, tests }: TestFile, bin: string): Promise<Ran> {
  const temp = await mkdtemp(path.join(tmpdir(), 'runtask-documented-'));
  try {
    const directory = source.directory === null ? await makeRepository(temp, source, file) : path.resolve(ROOT, source.directory);
    const fetchRepository = async () => ok({ dir: path.join(ROOT, CENTRAL) });
    const set = await loadCheckSet({ workspaceDir: directory, file: CHECKS, fetchRepository });
    if (!set.ok) throw new Error(`${source.name}: ${set.error.sentence}`);
    const env = {
      PATH: [bin, path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter),
      HOME: temp,
      TMPDIR: temp,
      BC_API_KEY: 'stand-in',
      INFRACOST_API_KEY: 'stand-in',
    };
    const bench = { directory, env, signal: AbortSignal.timeout(25_000) };
    const outcomes: TestOutcome[] = [];
    for (const test of tests) outcomes.push(await runTest(path.resolve(ROOT, file), test, set.value, bench));
    return { set: set.value, outcomes };
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

/** A test file that a page shows, on the checks and plans of `files/<name of the page>/`. */
export async function runShownTests({ page, text }: { readonly page: string; readonly text: string }, bin: string): Promise<Ran> {
  const temp = await mkdtemp(path.join(tmpdir(), 'runtask-shown-'));
  try {
    const name = page.replace(/\.md$/, '').replaceAll('/', '-');
    await cp(path.join(ROOT, HERE, 'files', name), temp, { recursive: true });
    const file = '.runtask/tests/shown.yml';
    await writeFile(path.join(temp, file), text);
    const tests = (await read(temp, [file])).flatMap((one) => one.file.tests);
    const checks = await readFile(path.join(temp, CHECKS), 'utf8');
    return await runTests(
      { name: page, text: checks, files: {}, directory: temp },
      { file: path.join(temp, file), checks: page, tests },
      bin,
    );
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

async function read(directory: string, files: readonly string[]): Promise<TestsFile[]> {
  const tests = await readTests(directory, files);
  if (!tests.ok) throw new Error(tests.error.map(formatDiagnostic).join('\n'));
  return tests.value;
}

/** What the page shows, and what it speaks of and does not show: `files/<name of the test file>/`. */
async function makeRepository(temp: string, source: Source, file: string): Promise<string> {
  const directory = path.join(temp, 'repository');
  await mkdir(directory);
  const more = path.join(ROOT, HERE, 'files', path.basename(file, '.yml'));
  if (existsSync(more)) await cp(more, directory, { recursive: true });
  for (const [name, text] of Object.entries({ ...source.files, [CHECKS]: source.text })) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
  return directory;
}

export const RECORDING = path.join(ROOT, HERE, 'opa.recorded.json');

/** @param opa  the body of the program `opa`; default: answers what the real one said (record-opa.ts) */
export async function makeTools(opa: string = answering()): Promise<{ bin: string; remove(): Promise<void> }> {
  const bin = await mkdtemp(path.join(tmpdir(), 'runtask-tools-'));
  const tools = JSON.stringify(path.join(ROOT, HERE, 'tools.ts'));
  const bodies = Object.fromEntries(
    TOOL_NAMES.map((name) => [name, `import(${tools}).then(({ runTool }) => runTool('${name}', process.argv.slice(2)));`]),
  );
  for (const [name, body] of Object.entries({ ...bodies, opa })) {
    await writeFile(path.join(bin, name), `#!${process.execPath}\n${body}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  return { bin, remove: () => rm(bin, { recursive: true, force: true }) };
}

const answering = (): string =>
  `import(${JSON.stringify(path.join(ROOT, 'test/checks/rego/stand-in.ts'))}).then(({ answer }) => answer([${JSON.stringify(RECORDING)}, ...process.argv.slice(2)]));`;
