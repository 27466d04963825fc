// Whether a workflow's actions may run in a repository: the owner's policy, asked when a run starts. Pure.
import type { Repository } from '../model.ts';
import type { Workflow } from './workflow-file.ts';

/** Sentences that end a run as `startup_failure`; empty when nothing is forbidden. */
export function forbiddenActions(repository: Repository, workflow: Workflow): string[] {
  const { allowed, githubOwned, patterns, shaPinningRequired } = repository.actionsPolicy;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const used = [...new Set(steps.map((step) => step.uses ?? './').filter((uses) => !uses.startsWith('./')))];
  // As tailscale/tailscale#17710 (2025-10) shows it.
  const unpinned = shaPinningRequired ? used.filter((uses) => !/@[0-9a-f]{40}$/.test(uses)) : [];
  const foreign = used.filter((uses) => {
    if (allowed === 'all' || uses.toLowerCase().startsWith(`${repository.owner.toLowerCase()}/`)) return false;
    if (allowed === 'local_only') return true;
    return !(githubOwned && /^(actions|github)\//.test(uses)) && !patterns.some((pattern) => matches(pattern, uses));
  });
  return [
    ...unpinned.map((uses) => `${refused(uses, repository)} because all actions must be pinned to a full-length commit SHA.`),
    // UNCONFIRMED wording behind "is not allowed in".
    ...foreign.map((uses) => `${refused(uses, repository)} by the policy of its owner.`),
  ];
}

const refused = (uses: string, { fullName }: Repository): string => `The action ${uses} is not allowed in ${fullName}`;

/** `monalisa/octocat@*`, `monalisa/octocat@v2`, `monalisa/*`: docs.github.com, "Set allowed actions", read 2026-11-22. */
function matches(pattern: string, uses: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(uses);
}
