// Rulesets and protected branches: whether a branch may be changed, by whom, and how GitHub says no.
//
// UNCONFIRMED: the status of a refused write of files. Protected branches answer 409 (BobAnkh/auto-generate-changelog#78, 2021); for
// rulesets the sentence is known (vndee/llm-sandbox#182), the status is not: a rule's `refusal` plays the others.
import { authorOf } from './access.ts';
import { type Answer, conflict, forbidden, unprocessable } from './answers.ts';
import type { BranchRule } from './model.ts';
import type { RepositoryCall } from './router.ts';

/** `force`: moves a branch to a commit that does not stand on the old one. */
export type BranchAction = 'create' | 'update' | 'force' | 'delete';

const FORBIDS: Readonly<Record<BranchRule['type'], { readonly actions: readonly BranchAction[]; readonly sentence: string }>> = {
  pull_request: { actions: ['update', 'force'], sentence: 'Changes must be made through a pull request.' },
  required_status_checks: { actions: ['update', 'force'], sentence: '1 of 1 required status checks are expected.' },
  update: { actions: ['update', 'force'], sentence: 'Cannot update this protected ref.' },
  creation: { actions: ['create'], sentence: 'Cannot create ref due to creations being restricted.' },
  deletion: { actions: ['delete'], sentence: 'Cannot delete this protected ref.' },
  non_fast_forward: { actions: ['force'], sentence: 'Cannot force-push to this branch' },
};

/** Whether the caller is held by it or not: the API lists them all the same. */
export const rulesOf = ({ repository }: RepositoryCall, branch: string): BranchRule[] =>
  repository.rules.filter(({ branches = [repository.defaultBranch] }) => branches === 'all' || branches.includes(branch));

/** The sentences of every rule that stands in the way of this caller. */
function violations(call: RepositoryCall, branch: string, action: BranchAction): { rule: BranchRule; sentence: string }[] {
  const caller = authorOf(call.world, call.identity).login.toLowerCase();
  return rulesOf(call, branch)
    .filter((rule) => FORBIDS[rule.type].actions.includes(action) && !rule.bypass?.some((login) => login.toLowerCase() === caller))
    .map((rule) => ({ rule, sentence: FORBIDS[rule.type].sentence }));
}

/**
 * @param doing  `update file`: how a protected branch words what it refuses; null for refs, which it words otherwise
 * @returns null when nothing stands in the way
 */
export function refusedByRules(call: RepositoryCall, branch: string, action: BranchAction, doing: string | null): Answer | null {
  const found = violations(call, branch, action);
  if (found[0] === undefined) return null;
  const sentences = found.map(({ sentence }) => sentence);
  const classic = found.every(({ rule }) => rule.kind === 'classic');
  if (doing === null)
    return unprocessable(classic ? sentences.join(' ') : `Repository rule violations found\n\n${sentences.join('\n\n')}\n\n`);
  const message = classic
    ? `Could not ${doing}: ${sentences.join(' ')}`
    : `Repository rule violations found\n\n${sentences.join('\n\n')}\n\n`;
  return { 403: forbidden, 409: conflict, 422: unprocessable }[found[0].rule.refusal ?? 409](message);
}
