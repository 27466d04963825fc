// A repository by name: its ids and default branch as GitHub says now. And the repository that a URL of a run task names.
import { err, type Result } from '../base/result.ts';
import { createClient, type GithubDeps } from './client.ts';
import type { GithubIdentity, RepositoryName } from './identity.ts';
import { attempt, type GithubRefusal } from './refusal.ts';

export interface Repository extends RepositoryName {
  readonly id: number;
  readonly ownerId: number;
  readonly defaultBranch: string;
}

/** A name that now leads elsewhere is refused: after a transfer it would dispatch to an owner whom nobody named. */
export type RepositoryRefusal = GithubRefusal | { readonly reason: 'moved'; readonly detail: string };

export async function fetchRepository(
  identity: GithubIdentity,
  wanted: RepositoryName,
  deps: GithubDeps,
): Promise<Result<Repository, RepositoryRefusal>> {
  const token = await identity.token('lookup', wanted, deps);
  if (!token.ok) return token;
  const found = await attempt(async () => {
    const { data } = await createClient(identity.apiUrl, token.value, deps).rest.repos.get({ owner: wanted.owner, repo: wanted.name });
    return { owner: data.owner.login, name: data.name, id: data.id, ownerId: data.owner.id, defaultBranch: data.default_branch };
  }, deps.now);
  if (!found.ok) return found;
  const is = `${found.value.owner}/${found.value.name}`;
  if (is.toLowerCase() !== `${wanted.owner}/${wanted.name}`.toLowerCase())
    return err({ reason: 'moved', detail: `${wanted.owner}/${wanted.name} is now ${is}` });
  return found;
}

export function splitName(fullName: string): RepositoryName {
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name };
}

/**
 * The repository of `vcs_repo_url` or `vcs_pull_request_url`; a payload of 2021 ends in `.git`.
 * @param webUrl  where this GitHub lives: https://github.com
 * @returns null when the URL is on another host or names no repository
 */
export function readRepositoryUrl(text: string, webUrl: string): RepositoryName | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const github = new URL(webUrl);
  if (url.protocol !== github.protocol || url.host !== github.host || url.username !== '' || url.password !== '') return null;
  const [owner, repository] = url.pathname.split('/').filter((part) => part !== '');
  const name = repository?.replace(/\.git$/, '');
  if (owner === undefined || name === undefined || !NAME.test(owner) || !NAME.test(name) || /^\.+$/.test(name)) return null;
  return { owner, name };
}
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;
