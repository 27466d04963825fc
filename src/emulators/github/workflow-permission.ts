// Workflow files are guarded by a permission of their own: `workflows`, next to `contents`. Without it they can be neither made,
// changed nor deleted, by whichever way they come.
import { grants, isClassic } from './access.ts';
import { type Answer, forbidden, notFound } from './answers.ts';
import { sameContent } from './history.ts';
import type { Commit } from './model.ts';
import type { RepositoryCall } from './router.ts';

const ACCEPTED = { 'x-accepted-github-permissions': 'contents=write,workflows=write' };

const isWorkflow = (path: string): boolean => path.startsWith('.github/workflows/');

const mayWrite = ({ identity }: RepositoryCall): boolean => identity.kind !== 'app' && grants(identity.permissions, 'workflows', 'write');

/** For paths that are about to be made, changed or deleted. */
export function refuseWorkflowPaths(call: RepositoryCall, paths: readonly string[]): Answer | null {
  const path = paths.find(isWorkflow);
  if (path === undefined || mayWrite(call)) return null;
  // Without the `workflow` scope the file is simply not there (octokit/octokit.rb#1184, octokit/rest.js#368).
  if (isClassic(call.identity)) return notFound;
  const subject = call.identity.kind === 'user' ? 'a Personal Access Token' : 'a GitHub App';
  return forbidden(`refusing to allow ${subject} to create or update workflow \`${path}\` without \`workflows\` permission`, ACCEPTED);
}

/**
 * For a branch that is about to point to the commit. What GitHub's support says of it (vercel/next.js#94596, 2026-06): a commit whose
 * workflow files are those of the default branch needs no more than `contents`.
 */
export function refuseWorkflowCommit(call: RepositoryCall, commit: Commit): Answer | null {
  const { repository } = call;
  const known = repository.commits.get(repository.branches.get(repository.defaultBranch) ?? '')?.files;
  const paths = new Set([...commit.files.keys(), ...(known?.keys() ?? [])].filter(isWorkflow));
  const same = [...paths].every((path) => sameContent(commit.files.get(path), known?.get(path)));
  if (same || mayWrite(call)) return null;
  if (isClassic(call.identity)) return notFound;
  const subject = call.identity.kind === 'user' ? 'personal access token' : 'integration';
  return forbidden(`Resource not accessible by ${subject}`, {
    'x-accepted-github-permissions': 'contents=write; contents=write,workflows=write',
  });
}
