// The pull request that brings a change: found by its branch, made once, changed, closed.
import type { Need } from './fault.ts';
import { isRefusedWith, type Link } from './link.ts';

export interface Pull {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
}

const READ: Need = { permission: 'pull_requests', level: 'read', feature: 'the pull request that brings the workflow' };
const WRITE: Need = { permission: 'pull_requests', level: 'write', feature: 'the pull request that brings the workflow' };

const keyOf = (branch: string): string => `pull ${branch}`;

/** The open pull request from this branch of the repository itself, never from a fork's. @returns null when there is none */
export const readOpenPull = (link: Link, branch: string): Promise<Pull | null> =>
  link.remember(keyOf(branch), async () => {
    const { owner, repo } = link;
    const { data } = await link.read(READ, 'read the pull requests', (rest, request) =>
      rest.pulls.list({ owner, repo, state: 'open', head: `${owner}:${branch}`, per_page: 100, request }),
    );
    // A fork in the same organization has the same `owner:branch`.
    const found = data.find(({ head }) => head.ref === branch && head.repo?.full_name.toLowerCase() === link.name.toLowerCase());
    return found === undefined ? null : { number: found.number, url: found.html_url, title: found.title, body: found.body ?? '' };
  });

/** As it is now, not as it was read. */
export function readOpenPullAgain(link: Link, branch: string): Promise<Pull | null> {
  link.forget(keyOf(branch));
  return readOpenPull(link, branch);
}

export interface NewPull {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export async function createPull(link: Link, { branch, base, title, body }: NewPull): Promise<Pull> {
  const { owner, repo } = link;
  const create = async (): Promise<Pull> => {
    try {
      const { data } = await link.write(WRITE, 'open a pull request', (rest, request) =>
        rest.pulls.create({ owner, repo, head: branch, base, title, body, request }),
      );
      return { number: data.number, url: data.html_url, title, body };
    } catch (thrown) {
      // 422 "A pull request already exists for …": somebody, or an earlier try of ours, was faster.
      const there = isRefusedWith(thrown, 'refused') ? await readOpenPullAgain(link, branch) : null;
      if (there === null) throw thrown;
      return there;
    }
  };
  const made = await link.writeSurely(create, () => readOpenPullAgain(link, branch));
  link.put(keyOf(branch), made);
  return made;
}

/** What is the same already is not sent. */
export async function changePull(
  link: Link,
  branch: string,
  pull: Pull,
  to: { readonly title: string; readonly body: string },
): Promise<Pull> {
  if (sameText(pull.title, to.title) && sameText(pull.body, to.body)) return pull;
  const { owner, repo } = link;
  const changed = { ...pull, ...to };
  await link.writeSurely(
    () =>
      link.write(WRITE, `change the pull request #${pull.number}`, async (rest, request) => {
        await rest.pulls.update({ owner, repo, pull_number: pull.number, ...to, request });
        return true;
      }),
    // The same words again do no harm.
    () => Promise.resolve(null),
  );
  link.put(keyOf(branch), changed);
  return changed;
}

export async function closePull(link: Link, branch: string, pull: Pull): Promise<void> {
  const { owner, repo } = link;
  await link.writeSurely(
    () =>
      link.write(WRITE, `close the pull request #${pull.number}`, async (rest, request) => {
        await rest.pulls.update({ owner, repo, pull_number: pull.number, state: 'closed', request });
        return true;
      }),
    async () => ((await readOpenPullAgain(link, branch)) === null ? true : null),
  );
  link.put(keyOf(branch), null);
}

// GitHub keeps a form's line ends and trims.
const sameText = (a: string, b: string): boolean => a.replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim();
