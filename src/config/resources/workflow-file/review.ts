// What stands in the way of a workflow and can be seen before it is brought: rules, an archive, settings of GitHub Actions.
import type { ActionsPolicy, RepositorySettings } from '../../../github/settings/index.ts';
import { matchesAnyGlob } from '../../../documents/glob.ts';
import { problem, warning, type Problem } from '../../engine/problem.ts';
import { isArchived, isArchivedAndStays } from '../repository-names.ts';
import { EMPTY_REMEDY } from './place.ts';
import { readAction } from './words.ts';

export interface Planned {
  readonly repository: string;
  readonly via: string;
  /** null: it goes. */
  readonly action: string | null;
  readonly checkout: string | null;
}

export async function reviewWorkflow(planned: Planned, settings: RepositorySettings): Promise<readonly Problem[]> {
  const { repository, via } = planned;
  const facts = await settings.facts();
  if (facts.archived) return [planned.action === null ? isArchivedAndStays(repository) : isArchived(repository)];
  const problems: Problem[] = [];
  if (via === 'commit') {
    const refusing = (await settings.rules(facts.defaultBranch))?.filter((type) => Object.hasOwn(REFUSING, type)) ?? [];
    if (refusing.length > 0)
      problems.push(
        warning(
          ['via'],
          `Rules of ${repository} ask for more than a push to ${facts.defaultBranch}`,
          `The branch ${refusing.map((type) => REFUSING[type]).join(', and ')}. Unless the token's owner may bypass that, apply will be refused. Set \`via: pull_request\``,
        ),
      );
  } else if ((await settings.branchHead(facts.defaultBranch)) === null)
    problems.push(problem(['via'], `${repository} has no commits, so there is nothing to open a pull request against`, EMPTY_REMEDY));
  const policy = planned.action === null ? null : await settings.actionsPolicy();
  return policy === null ? problems : [...problems, ...reviewPolicy(planned, policy)];
}

/** Types of rules (docs.github.com, "Available rules for rulesets", read 2026-11-22) that a push through the contents API does not meet. */
const REFUSING: Readonly<Record<string, string>> = {
  pull_request: 'takes changes through pull requests only',
  merge_queue: 'takes changes through a merge queue only',
  required_status_checks: 'takes commits whose checks have passed only',
  required_deployments: 'takes commits that have been deployed only',
  update: 'may be updated by few',
};

function reviewPolicy({ repository, action, checkout }: Planned, policy: ActionsPolicy): readonly Problem[] {
  if (!policy.enabled)
    return [
      warning(
        ['repository'],
        `GitHub Actions is off in ${repository}`,
        'The workflow will be there and never start. Turn it on: Settings → Actions → General',
      ),
    ];
  const { pinsRequired, allowed } = policy;
  return Object.entries({ action, checkout }).flatMap(([attribute, text]) => {
    const read = text === null ? null : readAction(text);
    if (text === null || read === null) return [];
    const problems: Problem[] = [];
    if (pinsRequired && !read.isPinned)
      problems.push(
        warning(
          [attribute],
          `${repository} runs actions only by commit, and ${text} is a version`,
          `GitHub would refuse to start the workflow. Write ${read.repository}@ and the 40 hexadecimal digits of that version's commit`,
        ),
      );
    // Verified creators are GitHub's list: whoever is on it cannot be seen from here.
    if (allowed !== null && !isAllowed(read.repository, text, repository, allowed) && !allowed.verified)
      problems.push(
        warning(
          [attribute],
          `${repository} runs chosen actions only, and ${text} is not one of them`,
          'GitHub would refuse to start the workflow. Allow it: Settings → Actions → General → Actions permissions',
        ),
      );
    return problems;
  });
}

function isAllowed(action: string, text: string, repository: string, allowed: NonNullable<ActionsPolicy['allowed']>): boolean {
  const ownerOf = (name: string): string => (name.split('/')[0] ?? '').toLowerCase();
  if (ownerOf(action) === ownerOf(repository)) return true;
  if (allowed.github && ['actions', 'github'].includes(ownerOf(action))) return true;
  const patterns = allowed.patterns.map((pattern) => pattern.toLowerCase());
  return [text, action].some((name) => matchesAnyGlob(patterns, name.toLowerCase()));
}
