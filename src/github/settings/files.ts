// Files and branches of a repository. Every write names what it replaces, so that nothing that was changed meanwhile is overwritten.
import { describeThrown } from '../../base/fault.ts';
import { SettingsFault, type Need } from './fault.ts';
import { isRefusedWith, type Link } from './link.ts';

export interface RepositoryFile {
  readonly text: string;
  /** git's id of the content. */
  readonly sha: string;
}

export interface FileChange {
  readonly path: string;
  readonly branch: string;
  readonly message: string;
  readonly text: string;
  /** `sha` of what is there; null: nothing is. */
  readonly replaces: string | null;
}

const READ: Need = { permission: 'contents', level: 'read', feature: 'the workflow file' };
const WRITE: Need = { permission: 'contents', level: 'write', feature: 'the workflow file' };
const BRANCH: Need = { permission: 'contents', level: 'write', feature: 'the branch of the pull request that brings the workflow' };

const keyOf = (path: string, branch: string): string => `file ${branch}:${path}`;

/** @returns null when there is none. @throws SettingsFault */
export const readFile = (link: Link, path: string, branch: string): Promise<RepositoryFile | null> =>
  link.remember(keyOf(path, branch), async () => {
    const { owner, repo } = link;
    const data = await link.read(READ, `read ${path}`, async (rest, request) => {
      try {
        return (await rest.repos.getContent({ owner, repo, path, ref: branch, request })).data;
      } catch (thrown) {
        if (isStatus(thrown, 404)) return null;
        throw thrown;
      }
    });
    if (data === null) return null;
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data) || data.encoding !== 'base64')
      throw new SettingsFault('refused', `${path} in ${link.name} is no plain file`, 'Remove it, or choose another path');
    return { text: Buffer.from(data.content, 'base64').toString('utf8'), sha: data.sha };
  });

/** @throws SettingsFault `conflict` when it is not `replaces` any more, `rules`, `permission` */
export async function writeFile(link: Link, change: FileChange): Promise<RepositoryFile> {
  const { owner, repo } = link;
  const { path, branch, message, text, replaces } = change;
  const key = keyOf(path, branch);
  const content = Buffer.from(text).toString('base64');
  const written = await changedOnly(link, key, path, () =>
    link.writeSurely(
      async () => {
        const { data } = await link.write(WRITE, `write ${path} on ${branch}`, (rest, request) =>
          rest.repos.createOrUpdateFileContents({
            owner,
            repo,
            path,
            branch,
            message,
            content,
            ...(replaces === null ? {} : { sha: replaces }),
            request,
          }),
        );
        return { text, sha: data.content?.sha ?? '' };
      },
      async () => {
        link.forget(key);
        const there = await readFile(link, path, branch);
        return there?.text === text ? there : null;
      },
    ),
  );
  link.put(key, written);
  return written;
}

/** Ends well when it is gone already. @throws SettingsFault as writeFile */
export async function removeFile(
  link: Link,
  { path, branch, message, sha }: Omit<FileChange, 'text' | 'replaces'> & { readonly sha: string },
): Promise<void> {
  const { owner, repo } = link;
  const key = keyOf(path, branch);
  await changedOnly(link, key, path, () =>
    link.writeSurely(
      () =>
        link.write(WRITE, `remove ${path} on ${branch}`, async (rest, request) => {
          await rest.repos.deleteFile({ owner, repo, path, branch, message, sha, request });
          return true;
        }),
      async () => {
        link.forget(key);
        return (await readFile(link, path, branch)) === null ? true : null;
      },
    ),
  );
  link.put(key, null);
}

/** GitHub's words for a stale or missing sha, as one reason. */
async function changedOnly<T>(link: Link, key: string, path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    link.forget(key);
    if (isRefusedWith(thrown, 'conflict', 'refused') && /\bsha\b|does not match| is at /i.test(thrown.detail))
      throw new SettingsFault('conflict', `${path} in ${link.name} was changed while this ran`, 'Plan again', { cause: thrown });
    throw thrown;
  }
}

/** @returns the commit that the branch is at, now; null when there is no such branch */
export async function readBranchHead(link: Link, branch: string): Promise<string | null> {
  const { owner, repo } = link;
  return link.read(READ, `read the branch ${branch}`, async (rest, request) => {
    try {
      return (await rest.git.getRef({ owner, repo, ref: `heads/${branch}`, request })).data.object.sha;
    } catch (thrown) {
      // 409: "Git Repository is empty."
      if (isStatus(thrown, 404, 409)) return null;
      throw thrown;
    }
  });
}

/** @throws SettingsFault `refused` when there is one at another commit */
export async function createBranch(link: Link, branch: string, sha: string): Promise<void> {
  const { owner, repo } = link;
  await link.writeSurely(
    () =>
      link.write(BRANCH, `make the branch ${branch}`, async (rest, request) => {
        await rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha, request });
        return true;
      }),
    async () => ((await readBranchHead(link, branch)) === sha ? true : null),
  );
}

/** Ends well when it is gone already. */
export async function deleteBranch(link: Link, branch: string): Promise<void> {
  const { owner, repo } = link;
  await link.writeSurely(
    () =>
      link.write(BRANCH, `delete the branch ${branch}`, async (rest, request) => {
        try {
          await rest.git.deleteRef({ owner, repo, ref: `heads/${branch}`, request });
        } catch (thrown) {
          // 422 also says that a rule forbids it.
          if (!isStatus(thrown, 404) && !(isStatus(thrown, 422) && /does not exist/i.test(describeThrown(thrown)))) throw thrown;
        }
        return true;
      }),
    async () => ((await readBranchHead(link, branch)) === null ? true : null),
  );
}

/** For what stands on a branch that was made anew. */
export const forgetFile = (link: Link, path: string, branch: string): void => link.forget(keyOf(path, branch));

const isStatus = (thrown: unknown, ...statuses: readonly number[]): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'status' in thrown &&
  statuses.includes(Number(thrown.status)) &&
  'response' in thrown &&
  thrown.response !== undefined;
