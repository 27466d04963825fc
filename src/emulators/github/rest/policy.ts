// What an administrator allows: the rules of a branch, and which actions the workflows of a repository may use.
import { conflict, json } from '../answers.ts';
import type { BranchRule } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route } from '../router.ts';
import { rulesOf } from '../rules.ts';

export const policyRoutes: readonly Route[] = [
  // The branch need not exist; branch protections of the older kind are not listed, and who bypasses what is not told
  // (docs.github.com, "Get rules for a branch", read 2026-11-22; it asks for no more than metadata).
  repositoryRoute('GET', '/rules/branches/{branch...}', [['metadata', 'read']], (call) => {
    const branch = call.param('branch');
    const rules = rulesOf(call, branch).filter(({ kind }) => kind !== 'classic');
    return page(call, `/rules/branches/${branch}`, rules, (items) => items.map((rule) => toRule(call, rule)));
  }),

  repositoryRoute('GET', '/actions/permissions', [['administration', 'read']], ({ repository, world }) => {
    const { allowed, shaPinningRequired } = repository.actionsPolicy;
    if (!repository.actionsEnabled) return json(200, { enabled: false, sha_pinning_required: shaPinningRequired });
    return json(200, {
      enabled: true,
      allowed_actions: allowed,
      ...(allowed === 'selected'
        ? { selected_actions_url: `${world.url}/api/v3/repos/${repository.fullName}/actions/permissions/selected-actions` }
        : {}),
      sha_pinning_required: shaPinningRequired,
    });
  }),

  repositoryRoute('GET', '/actions/permissions/selected-actions', [['administration', 'read']], ({ repository }) => {
    const { allowed, githubOwned, verified, patterns } = repository.actionsPolicy;
    // UNCONFIRMED wording; the documentation says only that the policy must be `selected`.
    if (allowed !== 'selected') return conflict('Selected actions are not the policy of this repository');
    return json(200, { github_owned_allowed: githubOwned, verified_allowed: verified, patterns_allowed: patterns });
  }),
];

const DEFAULTS: Readonly<Partial<Record<BranchRule['type'], Readonly<Record<string, unknown>>>>> = {
  pull_request: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
    allowed_merge_methods: ['merge', 'squash', 'rebase'],
  },
  required_status_checks: { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'ci' }] },
};

function toRule({ repository }: RepositoryCall, rule: BranchRule): Record<string, unknown> {
  const parameters = rule.parameters === undefined ? DEFAULTS[rule.type] : { ...DEFAULTS[rule.type], ...rule.parameters };
  return {
    type: rule.type,
    ...(parameters === undefined ? {} : { parameters }),
    ruleset_source_type: 'Repository',
    ruleset_source: repository.fullName,
    ruleset_id: 1 + repository.rules.indexOf(rule),
  };
}
