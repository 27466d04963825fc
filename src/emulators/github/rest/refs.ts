// Branches: as git refs, made, moved and deleted; and as GitHub shows them.
import * as z from 'zod';
import { type Answer, conflict, json, missing, noContent, notFound, unprocessable } from '../answers.ts';
import { ancestors } from '../history.ts';
import type { Repository } from '../model.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { refuseRefChange, rulesOf } from '../rules.ts';
import { toBranch } from '../shapes/branch.ts';
import { nodeId } from '../shapes/text.ts';
import { refuseWorkflowCommit } from '../workflow-permission.ts';

const SHA = z.string().regex(/^[0-9a-f]{40}$/);
const newRefSchema = z.strictObject({ ref: z.string(), sha: SHA });
const moveSchema = z.strictObject({ sha: SHA, force: z.boolean().default(false) });

const emptyRepository = conflict('Git Repository is empty.');
const isEmpty = (repository: Repository): boolean => repository.branches.size === 0;
/** git check-ref-format's rules, as far as a name of ours could break them. */
const isBranchName = (name: string): boolean => /^[^\s~^:?*[\\]+$/.test(name) && !/\.\.|\/\/|^\/|[/.]$|\.lock$|@\{/.test(name);

export const refRoutes: readonly Route[] = [
  repositoryRoute('GET', '/git/ref/{ref...}', [['contents', 'read']], (call) => {
    if (isEmpty(call.repository)) return emptyRepository;
    const branch = branchOf(call);
    const sha = call.repository.branches.get(branch);
    return sha === undefined ? notFound : json(200, toRef(call, branch, sha));
  }),

  repositoryRoute(
    'POST',
    '/git/refs',
    [['contents', 'write']],
    withBody(newRefSchema, (call: RepositoryCall, { ref, sha }) => {
      const { repository, world } = call;
      if (isEmpty(repository)) return emptyRepository;
      const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
      if (branch === undefined || !isBranchName(branch)) return unprocessable(`${ref} is not a valid ref name.`);
      const commit = repository.commits.get(sha);
      if (commit === undefined) return unprocessable('Object does not exist');
      if (blocked(repository, branch)) return unprocessable('Reference already exists');
      const refused = refuseWorkflowCommit(call, commit) ?? refuseRefChange(call, branch, 'create');
      if (refused !== null) return refused;
      world.moveBranch(repository, branch, sha);
      world.changed();
      return json(201, toRef(call, branch, sha));
    }),
  ),

  repositoryRoute(
    'PATCH',
    '/git/refs/{ref...}',
    [['contents', 'write']],
    withBody(moveSchema, (call: RepositoryCall, { sha, force }) => {
      const { repository, world } = call;
      const branch = branchOf(call);
      const old = repository.branches.get(branch);
      if (old === undefined) return unprocessable('Reference does not exist');
      const commit = repository.commits.get(sha);
      if (commit === undefined) return unprocessable('Object does not exist');
      const forward = ancestors(repository, sha).has(old);
      if (!forward && !force) return unprocessable('Update is not a fast forward');
      const refused = refuseWorkflowCommit(call, commit) ?? refuseRefChange(call, branch, forward ? 'update' : 'force');
      if (refused !== null) return refused;
      world.moveBranch(repository, branch, sha);
      world.changed();
      return json(200, toRef(call, branch, sha));
    }),
  ),

  repositoryRoute('DELETE', '/git/refs/{ref...}', [['contents', 'write']], (call): Answer => {
    const { repository, world } = call;
    const branch = branchOf(call);
    if (!repository.branches.has(branch)) return unprocessable('Reference does not exist');
    // UNCONFIRMED wording; GitHub keeps the default branch whatever the rules say.
    if (branch === repository.defaultBranch) return unprocessable('Cannot delete the default branch');
    const refused = refuseRefChange(call, branch, 'delete');
    if (refused !== null) return refused;
    world.moveBranch(repository, branch, null);
    world.changed();
    return noContent;
  }),

  repositoryRoute('GET', '/branches/{branch...}', [['contents', 'read']], (call) => {
    const { repository, world } = call;
    const name = call.param('branch');
    const commit = repository.commits.get(repository.branches.get(name) ?? '');
    if (commit === undefined) return missing('Branch not found');
    // UNCONFIRMED for rulesets; nobody should learn from this field what the rules endpoint tells.
    const isProtected = rulesOf(call, name).some(({ kind }) => kind === 'classic');
    return json(200, toBranch(world.url, repository, world.account(repository.owner), { name, commit, isProtected }));
  }),
];

/** `heads/a/b`, its slashes encoded or not: octokit sends `heads%2Fa%2Fb`. There are no tags here. */
const branchOf = ({ param }: RepositoryCall): string => /^heads\/(.+)$/.exec(param('ref'))?.[1] ?? '';

/** git keeps refs as files: `a` and `a/b` cannot both be. */
const blocked = (repository: Repository, branch: string): boolean =>
  [...repository.branches.keys()].some((name) => name === branch || name.startsWith(`${branch}/`) || branch.startsWith(`${name}/`));

function toRef({ world, repository }: RepositoryCall, branch: string, sha: string): Record<string, unknown> {
  const api = `${world.url}/api/v3/repos/${repository.fullName}/git`;
  return {
    ref: `refs/heads/${branch}`,
    node_id: nodeId('REF', `${repository.id}:${branch}`),
    url: `${api}/refs/heads/${branch}`,
    object: { sha, type: 'commit', url: `${api}/commits/${sha}` },
  };
}
