// What a repository is, and what its rules say: read, never changed.
import * as z from 'zod';
import { NotTheApi, SettingsFault, type Need } from './fault.ts';
import { isRefusedWith, type Link } from './link.ts';

export interface RepositoryFacts {
  /** As GitHub spells it. */
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
}

export interface ActionsPolicy {
  readonly enabled: boolean;
  /** `org/name@v1` patterns that may run; null: all may. `github` and `verified`: also those of GitHub, and of verified creators. */
  readonly allowed: { readonly github: boolean; readonly verified: boolean; readonly patterns: readonly string[] } | null;
  readonly pinsRequired: boolean;
}

const SEE: Need = { permission: 'metadata', level: 'read', feature: 'everything in this repository' };
const POLICY: Need = { permission: 'administration', level: 'read', feature: 'its Actions settings' };

/** The first that is asked of a repository: here it shows whether GitHub answers at all. */
const answer = z.object({ full_name: z.string(), default_branch: z.string(), archived: z.boolean() });

/** @throws SettingsFault `not-found`, `moved` */
export const readFacts = (link: Link): Promise<RepositoryFacts> =>
  link.remember('facts', async () => {
    try {
      const { owner, repo } = link;
      const read = await link.read(SEE, 'read the repository', (rest, request) => rest.repos.get({ owner, repo, request }));
      const { data, success } = answer.safeParse(read.data);
      if (!success) throw new SettingsFault('unavailable', `The answer about ${link.name} is not what GitHub gives`, NotTheApi.remedy);
      // A token would be used on, and secrets sent to, a repository that nobody named.
      if (data.full_name.toLowerCase() !== link.name.toLowerCase())
        throw new SettingsFault('moved', `${link.name} is now ${data.full_name}`, 'Write the new name');
      return { name: data.full_name, defaultBranch: data.default_branch, archived: data.archived };
    } catch (thrown) {
      if (!isRefusedWith(thrown, 'permission')) throw thrown;
      throw new SettingsFault(
        'not-found',
        `There is no repository ${link.name} for this GitHub token`,
        'Look at the name, and whether the token has access to the repository: GitHub hides from a token what it may not see',
        { cause: thrown },
      );
    }
  });

/** @returns the types of the rules in force on the branch (`pull_request`, …); null: GitHub does not say */
export const readRules = (link: Link, branch: string): Promise<readonly string[] | null> =>
  link.remember(`rules ${branch}`, () =>
    unlessHidden(async () => {
      const { owner, repo } = link;
      const { data } = await link.read(SEE, `read the rules of ${branch}`, (rest, request) =>
        rest.repos.getBranchRules({ owner, repo, branch, per_page: 100, request }),
      );
      return [...new Set(data.map(({ type }) => type))].sort();
    }),
  );

/** @returns null: the token may not see it, as most may not */
export const readActionsPolicy = (link: Link): Promise<ActionsPolicy | null> =>
  link.remember('actions policy', () =>
    unlessHidden(async () => {
      const { owner, repo } = link;
      const { data } = await link.read(POLICY, 'read the Actions settings', (rest, request) =>
        rest.actions.getGithubActionsPermissionsRepository({ owner, repo, request }),
      );
      return {
        enabled: data.enabled,
        pinsRequired: 'sha_pinning_required' in data && data.sha_pinning_required === true,
        allowed: data.enabled ? await readAllowed(link, data.allowed_actions ?? 'all') : null,
      };
    }),
  );

async function readAllowed(link: Link, allowed: string): Promise<ActionsPolicy['allowed']> {
  if (allowed === 'all') return null;
  if (allowed !== 'selected') return { github: false, verified: false, patterns: [`${link.owner}/*`] };
  const { owner, repo } = link;
  const { data } = await link.read(POLICY, 'read which actions may run', (rest, request) =>
    rest.actions.getAllowedActionsRepository({ owner, repo, request }),
  );
  return {
    github: data.github_owned_allowed === true,
    verified: data.verified_allowed === true,
    patterns: data.patterns_allowed ?? [],
  };
}

async function unlessHidden<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (thrown) {
    // An old Enterprise Server without the endpoint, or a token without the right: both are everyday, and nothing depends on it.
    if (isRefusedWith(thrown, 'permission', 'refused', 'conflict')) return null;
    throw thrown;
  }
}
