// Finds the test files of a repository and reads them: everything that is wrong at once, with its line.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown, isErrorLike } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { checksTestsFileSchema, type ChecksTestsFile } from '../../contracts/checks-tests.ts';
import { readYaml } from '../../documents/read-yaml.ts';
import { readShape } from '../../documents/shape.ts';

export interface TestsFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly file: ChecksTestsFile;
}

/**
 * @param places  files and folders as the user named them; folders are searched for `*.yml` and `*.yaml`, not deeper: beside tests lie
 *                fixtures
 */
export async function readTests(directory: string, places: readonly string[]): Promise<Result<TestsFile[], Diagnostic[]>> {
  const found = await Promise.all(places.map((place) => filesAt(directory, place)));
  const problems = found.flatMap((result) => (result.ok ? [] : result.error));
  const paths = [...new Set(found.flatMap((result) => (result.ok ? result.value : [])))];
  const read = await Promise.all(paths.map((path) => readOne(directory, path)));
  const all = [...problems, ...read.flatMap((result) => (result.ok ? [] : result.error))];
  return all.length > 0 ? err(all) : ok(read.flatMap((result) => (result.ok ? [result.value] : [])));
}

async function filesAt(directory: string, place: string): Promise<Result<string[], Diagnostic[]>> {
  try {
    const at = resolve(directory, place);
    if (!(await stat(at)).isDirectory()) return ok([place]);
    const names = (await readdir(at)).filter((name) => /\.ya?ml$/.test(name)).sort();
    return names.length > 0
      ? ok(names.map((name) => relative(directory, join(at, name))))
      : err([problem(place, 'The folder holds no test file', 'Test files end in .yml')]);
  } catch (thrown) {
    const isMissing = isErrorLike(thrown) && (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    const what = isMissing ? 'There are no tests here' : `Cannot be read: ${describeThrown(thrown)}`;
    return err([problem(place, what, 'Write tests in .runtask/tests/, or name a file. docs/writing-checks.md has an example')]);
  }
}

async function readOne(directory: string, path: string): Promise<Result<TestsFile, Diagnostic[]>> {
  let text: string;
  try {
    text = await readFile(resolve(directory, path), 'utf8');
  } catch (thrown) {
    return err([problem(path, 'Cannot be read', describeThrown(thrown))]);
  }
  const yaml = readYaml(text, { file: path, called: 'The test file', mayQuote: true });
  if (!yaml.ok) return yaml;
  const shape = readShape(yaml.value, checksTestsFileSchema);
  return shape.ok ? ok({ path, file: shape.value }) : shape;
}

const problem = (file: string, summary: string, detail: string): Diagnostic => ({ severity: 'error', summary, detail, path: '', file });
