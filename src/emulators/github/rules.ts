// Rulesets and protected branches: whether a branch may be changed, by whom, and how GitHub says no.
//
// UNCONFIRMED: the status of a refused write of files. Protected branches answer 409 (BobAnkh/auto-generate-changelog#78, 2021); for
// rulesets the sentence is known (vndee/llm-sandbox#182), the status is not: a rule's `refusal` plays the others.
import { authorOf } from './access.ts';
import { type Answer, conflict, forbidden, methodNotAllowed, unprocessable } from './answers.ts';
import type { BranchRule } from './model.ts';
import type { RepositoryCall } from './router.ts';

/** `force`: moves a branch to a commit that does not stand on the old one. */
type BranchAction = 'create' | 'update' | 'force' | 'delete' | 'merge';

const REVIEW = 'At least 1 approving review is required by reviewers with write access.';
const CHECKS = '1 of 1 required status checks are expected.';

const FORBIDS: Readonly<Record<BranchRule['type'], Readonly<Partial<Record<BranchAction, string>>>>> = {
  pull_request: {
    update: 'Changes must be made through a pull request.',
    force: 'Changes must be made through a pull request.',
    merge: REVIEW,
  },
  required_status_checks: { update: CHECKS, force: CHECKS, merge: CHECKS },
  update: {
    update: 'Cannot update this protected ref.',
    force: 'Cannot update this protected ref.',
    merge: 'Cannot update this protected ref.',
  },
  creation: { create: 'Cannot create ref due to creations being restricted.' },
  deletion: { delete: 'Cannot delete this protected ref.' },
  non_fast_forward: { force: 'Cannot force-push to this branch' },
};

/** Whether the caller is held by it or not: the API lists them all the same. */
export const rulesOf = ({ repository }: RepositoryCall, branch: string): BranchRule[] =>
  repository.rules.filter(({ branches = [repository.defaultBranch] }) => branches === 'all' || branches.includes(branch));

interface Violation {
  readonly rule: BranchRule;
  readonly sentence: string;
}

/** Every rule that stands in the way of this caller. */
function violations(call: RepositoryCall, branch: string, action: BranchAction): Violation[] {
  const caller = authorOf(call.world, call.identity).login.toLowerCase();
  return rulesOf(call, branch).flatMap((rule) => {
    const sentence = FORBIDS[rule.type][action];
    const passes = rule.bypass?.some((login) => login.toLowerCase() === caller) === true;
    const unreviewed = action === 'merge' && rule.parameters?.['required_approving_review_count'] === 0;
    return sentence === undefined || passes || unreviewed ? [] : [{ rule, sentence }];
  });
}

const ofRuleset = (sentences: readonly string[]): string => `Repository rule violations found\n\n${sentences.join('\n\n')}\n\n`;

/** @param doing  `update file`: a protected branch begins its refusal with it */
export function refuseFileWrite(call: RepositoryCall, branch: string, doing: string): Answer | null {
  const found = violations(call, branch, 'update');
  if (found[0] === undefined) return null;
  const sentences = found.map(({ sentence }) => sentence);
  const classic = found.every(({ rule }) => rule.kind === 'classic');
  const message = classic ? `Could not ${doing}: ${sentences.join(' ')}` : ofRuleset(sentences);
  return { 403: forbidden, 409: conflict, 422: unprocessable }[found[0].rule.refusal ?? 409](message);
}

/** For a git ref that is about to be made, moved or deleted. */
export function refuseRefChange(call: RepositoryCall, branch: string, action: Exclude<BranchAction, 'merge'>): Answer | null {
  const found = violations(call, branch, action);
  if (found.length === 0) return null;
  const sentences = found.map(({ sentence }) => sentence);
  return unprocessable(found.every(({ rule }) => rule.kind === 'classic') ? sentences.join(' ') : ofRuleset(sentences));
}

/** For the merge of a pull request that nobody has reviewed and no check has passed: nothing here does either. */
export function refuseMerge(call: RepositoryCall, branch: string): Answer | null {
  const found = violations(call, branch, 'merge');
  return found.length === 0 ? null : methodNotAllowed(ofRuleset(found.map(({ sentence }) => sentence)));
}
