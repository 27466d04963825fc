// GitHub's JSON for branches: `branch-with-protection`. Pure.
import type { Account, Commit, Repository } from '../model.ts';
import { toSimpleUser } from './account.ts';
import { iso, nodeId } from './text.ts';

export function toBranch(
  url: string,
  repository: Repository,
  owner: Account,
  { name, commit, isProtected }: { readonly name: string; readonly commit: Commit; readonly isProtected: boolean },
): Record<string, unknown> {
  const api = `${url}/api/v3/repos/${repository.fullName}`;
  const html = `${url}/${repository.fullName}`;
  const self = `${api}/branches/${name}`;
  const links = (sha: string): Record<string, string> => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/commit/${sha}` });
  const person = { name: repository.owner, email: `${repository.ownerId}@users.noreply.localhost`, date: iso(commit.at) };
  const user = toSimpleUser(url, owner);
  return {
    name,
    commit: {
      ...links(commit.sha),
      node_id: nodeId('C', commit.sha),
      comments_url: `${api}/commits/${commit.sha}/comments`,
      commit: {
        author: person,
        committer: person,
        message: commit.message,
        tree: { sha: commit.sha, url: `${api}/git/trees/${commit.sha}` },
        url: `${api}/git/commits/${commit.sha}`,
        comment_count: 0,
      },
      author: user,
      committer: user,
      parents: commit.parents.map(links),
    },
    _links: { self, html: `${html}/tree/${name}` },
    protected: isProtected,
    protection: { enabled: isProtected },
    protection_url: `${self}/protection`,
  };
}
