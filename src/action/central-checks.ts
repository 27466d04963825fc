// Central checks on this machine: a repository at a commit becomes a folder. The download is github/'s, the unpacking archive/'s.
import { lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extractArchive } from '../archive/extract-archive.ts';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { FetchRepository } from '../checks/load/source.ts';
import { downloadRepositoryArchive, type ArchiveDeps } from '../github/repository-archive.ts';

export interface CentralDeps extends ArchiveDeps {
  readonly apiUrl: string;
  /** Empty: public repositories only. */
  readonly token: string;
  /** Ours alone (mode 0700); made when the first repository is asked for. What is there already is not fetched again. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** A repository of policies, generously. */
const LIMITS = { maxBytes: 256 * 1024 * 1024, maxEntries: 20_000 };

interface Wanted {
  readonly repository: string;
  readonly commit: string;
}

export function createRepositoryFetcher(deps: CentralDeps): FetchRepository {
  return async (wanted) => {
    try {
      return await fetchInto(deps.folder, wanted, deps);
    } catch (thrown) {
      return err(`It could not be put onto this machine: ${describeThrown(thrown)}`);
    }
  };
}

/** @throws when the disk does not do its part */
async function fetchInto(folder: string, wanted: Wanted, deps: CentralDeps): Promise<Result<{ dir: string }, string>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // In a folder for everybody's files somebody else may have been first.
  if (!(await isOursAlone(folder))) return err(`${folder} is open to others on this machine. Remove it`);
  const dir = join(folder, `${wanted.repository.replace('/', '--').toLowerCase()}--${wanted.commit}`);
  if (await isFolder(dir)) return ok({ dir });
  const fresh = await mkdtemp(join(folder, 'new-'));
  try {
    const unpacked = await unpack(wanted, fresh, deps);
    if (!unpacked.ok) return unpacked;
    // Under its name only when it is whole, so that an interrupted start leaves no half of it to the next.
    await rename(unpacked.value.dir, dir).catch(async (thrown: unknown) => {
      if (!(await isFolder(dir))) throw thrown;
    });
    return ok({ dir });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function unpack({ repository, commit }: Wanted, fresh: string, deps: CentralDeps): Promise<Result<{ dir: string }, string>> {
  const [archive, dir] = [join(fresh, 'archive.tar.gz'), join(fresh, 'files')];
  const downloaded = await downloadRepositoryArchive({ ...deps, repository, commit, to: archive }, deps);
  if (!downloaded.ok) return downloaded;
  const extracted = await extractArchive(archive, dir, { limits: LIMITS, stripRoot: true, keepExecutable: true });
  if (!extracted.ok) return err(`Its archive was not unpacked: ${extracted.error}`);
  // The folder in it is called OWNER-NAME-COMMIT, the commit shortened. Another one would be a mistake of GitHub's, or of a proxy.
  const { root, files } = extracted.value;
  const held = root?.split('-').at(-1) ?? '';
  if (!/^[0-9a-f]{7,40}$/.test(held) || !commit.startsWith(held))
    return err(`What GitHub sent is not commit ${commit.slice(0, 7)}: its folder is ${JSON.stringify(root)}`);
  deps.log(`Central checks: ${repository} at ${commit}, ${files} files, ${downloaded.value} bytes.`);
  return ok({ dir });
}

// Absent or not readable: either way nothing of it can be used, and it is fetched anew.
const isFolder = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null))?.isDirectory() ?? false;

async function isOursAlone(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  // Windows has neither owner nor mode, and its temporary folder is the user's own.
  const uid = process.getuid?.();
  return found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & 0o077) === 0));
}
