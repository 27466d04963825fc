// A workspace that is named and not there, in words that help. Pure.
import { didYouMean } from '../../base/did-you-mean.ts';
import type { WorkspaceFacts } from '../../hcp/management/index.ts';
import { problem, type Problem } from '../engine/problem.ts';

export function missingWorkspace(
  key: { readonly organization: string; readonly workspace: string },
  workspaces: readonly WorkspaceFacts[],
): Problem {
  const near = didYouMean(
    key.workspace,
    workspaces.map(({ name }) => name),
  );
  const meant = near === null ? '' : `Did you mean "${near}"? `;
  return problem(
    ['workspace'],
    `There is no workspace ${key.workspace} in the organization ${key.organization}`,
    `${meant}The token sees ${workspaces.length === 1 ? 'one workspace' : `${workspaces.length} workspaces`}; to see others it needs the permission Read on them`,
  );
}
