// The part of a checkout that a script may read, copied to where only we write: Node's permission model follows a link that lies in an
// allowed folder to wherever it leads, so there are none. A copy also stays what it was while other tools of the job run.
import { constants } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, realpath, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';

export interface CopyLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** A folder of checks has dozens of files; with the packages that they need it may have thousands. */
export const COPY_LIMITS: CopyLimits = { entries: 10_000, bytes: 100 * 1024 * 1024 };

export interface ScriptCopy {
  /** Stands for the checkout: the script lies in it under its own path. */
  readonly root: string;
  /** Of the script, relative to `root`, with `/`. */
  readonly file: string;
}

export interface PrivateCopies {
  /** @returns the copy, or a sentence for people why there is none */
  of(baseDir: string, file: string): Promise<Result<ScriptCopy, string>>;
  remove(): Promise<void>;
}

/** Copies the top folder that a script is in (`.runtask` of `.runtask/checks/cost.ts`), each once. */
export function createPrivateCopies(tempDir: string = tmpdir(), limits: CopyLimits = COPY_LIMITS): PrivateCopies {
  const copies = new Map<string, Promise<Result<string, string>>>();
  const made: string[] = [];

  const copy = async (baseDir: string, top: string): Promise<Result<string, string>> => {
    // Without links in its own path: what Node is told may be read is compared with where a file really is.
    const root = await realpath(await mkdtemp(join(tempDir, 'runtask-script-')));
    made.push(root);
    const problem = await copyTree(baseDir, top, root, { entries: limits.entries, bytes: limits.bytes });
    return problem === null ? ok(root) : err(problem);
  };

  return {
    async of(baseDir, path) {
      const file = posix.normalize(path.replaceAll('\\', '/'));
      const [top = '', ...rest] = file.split('/');
      if (rest.length === 0)
        return err(`${file} is not in a folder. Move it into one, such as .runtask/checks: a script can read its own top folder only`);
      const key = JSON.stringify([baseDir, top]);
      const copied = copies.get(key) ?? copy(baseDir, top);
      copies.set(key, copied);
      const root = await copied;
      if (!root.ok) return root;
      const found = await lstat(join(root.value, file)).catch(isMissing);
      return found !== null && found.isFile() ? ok({ root: root.value, file }) : err(`There is no file ${file} in the checkout`);
    },
    async remove() {
      await Promise.all(made.map((root) => rm(root, { recursive: true, force: true })));
    },
  };
}

/** @returns what is wrong with the tree, or null */
async function copyTree(baseDir: string, path: string, root: string, left: { entries: number; bytes: number }): Promise<string | null> {
  left.entries -= 1;
  if (left.entries < 0) return `${topOf(path)}/ holds too many files for a check. Move what is not needed to another top folder`;
  const from = join(baseDir, path);
  const found = await lstat(from).catch(isMissing);
  if (found === null) return `There is no ${path} in the checkout`;
  if (found.isSymbolicLink())
    return `${path} is a symbolic link, and a script's folder may hold none: it could lead anywhere on the runner`;
  if (found.isDirectory()) {
    await mkdir(join(root, path));
    for (const name of (await readdir(from)).sort()) {
      // npm's links to the programs of packages, which nobody imports.
      if (name === '.bin' && posix.basename(path) === 'node_modules') continue;
      const problem = await copyTree(baseDir, `${path}/${name}`, root, left);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (!found.isFile()) return `${path} is neither a file nor a folder`;
  left.bytes -= found.size;
  if (left.bytes < 0) return `${topOf(path)}/ is too large for a check. Move what is not needed to another top folder`;
  return copyFile(from, join(root, path), path);
}

async function copyFile(from: string, to: string, path: string): Promise<string | null> {
  let source: FileHandle;
  try {
    // It may have become a link since it was looked at.
    source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown fault'})`;
  }
  try {
    await writeFile(to, await source.readFile(), { mode: 0o600 });
  } finally {
    await source.close();
  }
  return null;
}

const topOf = (path: string): string => path.split('/')[0] ?? path;

const isMissing = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
};
