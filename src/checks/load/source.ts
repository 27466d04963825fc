// Where checks come from: the text that an entry of `extends` names, and the folder in which its relative paths begin.
import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Extends } from '../../contracts/checks-file.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { PACKS } from '../packs/index.ts';

/** A checks file that has been found. */
export interface Source {
  readonly text: string;
  /** In diagnostics: `.runtask/checks.yml`, `acme/policies@1a2b3c4:.runtask/checks.yml`. */
  readonly name: string;
  /** For people, and in the report; null: the workspace's own file. */
  readonly origin: string | null;
  readonly baseDir: string;
  /** `acme/policies@1a2b3c4`; null: of the workspace itself. */
  readonly repository: string | null;
  /** Not of the workspace: a pack, or of another repository. */
  readonly isForeign: boolean;
}

export type FetchRepository = (wanted: {
  readonly repository: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}) => Promise<Result<{ readonly dir: string }, string>>;

export interface SourceDeps {
  /** @returns the folder with the files of the commit, or why there is none, as a sentence with its remedy */
  readonly fetchRepository: FetchRepository;
  readonly packs: typeof PACKS;
}

/** What is wrong, at which key of the entry. */
export interface SourceProblem {
  readonly key: 'pack' | 'file' | 'repository' | 'path';
  readonly summary: string;
  readonly detail: string;
}

/** @param from  the file that extends */
export async function findSource(entry: Extends, from: Source, deps: SourceDeps): Promise<Result<Source, SourceProblem>> {
  if ('pack' in entry) return findPack(entry.pack, from, deps.packs);
  if ('file' in entry) {
    const origin = from.repository === null ? entry.file : `${from.repository}:${entry.file}`;
    const text = await readInside(from.baseDir, entry.file);
    if (!text.ok) return err({ key: 'file', summary: `${origin} cannot be read`, detail: text.error });
    return ok({ ...from, text: text.value, name: origin, origin });
  }
  if (from.repository !== null)
    return err({
      key: 'repository',
      summary: 'Checks from elsewhere cannot extend another repository',
      detail: 'Extend it in the file of the repository that judges, so that its commit is pinned there',
    });
  const fetched = await deps.fetchRepository(entry);
  if (!fetched.ok) return err({ key: 'repository', summary: `${entry.repository} cannot be had`, detail: fetched.error });
  const repository = `${entry.repository}@${entry.commit.slice(0, 7)}`;
  const name = `${repository}:${entry.path}`;
  const text = await readInside(fetched.value.dir, entry.path);
  if (!text.ok) return err({ key: 'path', summary: `${name} cannot be read`, detail: text.error });
  const origin = entry.path === DEFAULT_PATH ? repository : name;
  return ok({ text: text.value, name, origin, baseDir: fetched.value.dir, repository, isForeign: true });
}

const DEFAULT_PATH = '.runtask/checks.yml';

function findPack(name: string, from: Source, packs: SourceDeps['packs']): Result<Source, SourceProblem> {
  const pack = Object.hasOwn(packs, name) ? packs[name] : undefined;
  const known = Object.keys(packs);
  if (pack === undefined) {
    const near = didYouMean(name, known);
    const detail = `${near === null ? '' : `Did you mean "${near}"? `}This version of the action has: ${known.join(', ')}`;
    return err({ key: 'pack', summary: `There is no pack "${name}"`, detail });
  }
  const called = `pack ${name}`;
  const origin = from.repository === null ? called : `${called} of ${from.repository}`;
  return ok({ ...from, text: pack.text, name: called, origin, isForeign: true });
}

/** A link that leads out of the checkout would make somebody else's file a part of the gate. */
async function readInside(folder: string, path: string): Promise<Result<string, string>> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    const way = relative(root, file);
    if (way.startsWith('..') || isAbsolute(way)) return err('It leads out of the repository');
    return ok(await readFile(file, 'utf8'));
  } catch (thrown) {
    return err(isMissing(thrown) ? 'There is no such file in the repository' : withoutFolder(describeThrown(thrown), folder));
  }
}

export const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));

/** The folder is a place on the runner, which means nothing to whoever reads the verdict. */
const withoutFolder = (text: string, folder: string): string => text.replaceAll(`${folder}/`, '');
