// The files that a check names, read from the trusted checkout: policies and data. Nothing outside of it, and nothing through a link.
//
// They are read here and written into a folder of ours, and the engine sees only that. So it follows no link, loads nothing that was not
// asked for (opa takes every JSON beside a policy for data), and no name of a file can mean something on its command line.
import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';

export interface GatheredFile {
  /** Relative to the checkout, with `/`. */
  readonly path: string;
  /** Relative to the path that the check names; the file's own name where it names the file. */
  readonly inside: string;
  /** Which of the check's paths it comes from. */
  readonly root: number;
  readonly bytes: Buffer;
}

export interface GatherOptions {
  /** Such as `.rego`; other files of a folder are passed over. */
  readonly endings: readonly string[];
  /** For messages: `policies`. */
  readonly what: string;
  readonly signal: AbortSignal;
}

// A library of 2,736 policies is the largest that we know of; a whole repository with its dependencies is more.
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** @returns at least one file for each path, or a sentence that says why not */
export async function gatherFiles(
  baseDir: string,
  paths: readonly string[],
  options: GatherOptions,
): Promise<Result<GatheredFile[], string>> {
  const walk: Walk = { ...options, files: [], entries: 0, size: 0 };
  const base = await realpath(baseDir);
  for (const [root, named] of paths.entries()) {
    const path = posix.normalize(named.replaceAll('\\', '/')).replace(/\/$/, '');
    const full = join(base, path);
    const before = walk.files.length;
    try {
      if ((await realpath(full)) !== full) return err(`${named} leads through a symbolic link. Name the place itself`);
      const stat = await lstat(full);
      const problem = stat.isDirectory() ? await addFolder(walk, full, { path, inside: '', root }) : await addNamed(walk, full, path, root);
      if (problem !== null) return err(problem);
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      return err(
        code === 'ENOENT' || code === 'ENOTDIR'
          ? `${named} does not exist in the checkout. The path is relative to the repository`
          : `${named} cannot be read (${code})`,
      );
    }
    if (walk.files.length === before) return err(`${named} holds no ${options.what} (${options.endings.join(', ')})`);
  }
  return ok(walk.files);
}

/** Overlapping paths (`policy` and `policy/aws`) name a policy twice; two of the same would conflict. */
export const eachOnce = (files: readonly GatheredFile[]): GatheredFile[] => [...new Map(files.map((file) => [file.path, file])).values()];

interface Walk extends GatherOptions {
  readonly files: GatheredFile[];
  entries: number;
  size: number;
}

interface Place {
  readonly path: string;
  readonly inside: string;
  readonly root: number;
}

const fits = ({ endings }: Walk, name: string): boolean => endings.some((ending) => name.endsWith(ending));

async function addNamed(walk: Walk, full: string, path: string, root: number): Promise<string | null> {
  if (!fits(walk, path)) return `${path} is no file of ${walk.what} (${walk.endings.join(', ')})`;
  return addFile(walk, full, { path, inside: basename(path), root });
}

async function addFolder(walk: Walk, full: string, place: Place): Promise<string | null> {
  walk.signal.throwIfAborted();
  const entries = await readdir(full, { withFileTypes: true });
  walk.entries += entries.length;
  if (walk.entries > MAX_ENTRIES) return `The folders of ${walk.what} hold more than ${MAX_ENTRIES} files. Name smaller ones`;
  // In order, so that what is reported first does not depend on the disk.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const problem = await addEntry(walk, full, entry, {
      path: posix.join(place.path, entry.name),
      inside: posix.join(place.inside, entry.name),
      root: place.root,
    });
    if (problem !== null) return problem;
  }
  return null;
}

async function addEntry(walk: Walk, folder: string, entry: Dirent, place: Place): Promise<string | null> {
  // A link may stand for a folder of policies. Passing it over would be a gate that lacks them.
  if (entry.isSymbolicLink()) return `${place.path} is a symbolic link, and no link is followed. Put the files themselves there`;
  if (entry.isDirectory()) return entry.name === '.git' ? null : addFolder(walk, join(folder, entry.name), place);
  return fits(walk, entry.name) ? addFile(walk, join(folder, entry.name), place) : null;
}

async function addFile(walk: Walk, full: string, place: Place): Promise<string | null> {
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return `${place.path} is not a regular file`;
    walk.size += stat.size;
    if (walk.size > MAX_BYTES) return `The files of ${walk.what} are larger than ${MAX_BYTES / 1024 / 1024} MiB together`;
    walk.files.push({ ...place, bytes: await file.readFile() });
    return null;
  } finally {
    await file.close();
  }
}

const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
